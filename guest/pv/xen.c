/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest side of the xen backend: a flush is a multicall with one HYPERVISOR_mmuext_op. */
#include <asm/gate.h>
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/trace.h>
#include <pvtlb/xen.h>

#include "vcpu_nr.h"

/* What a call hands over by address. Per CPU: the hypervisor reads it with IRQs off. */
struct xen_args {
	struct multicall_entry call;
	struct mmuext_op op;
	struct pvtlb_cpuset vcpus; /* vCPU nr is bit nr % 64 of word nr / 64 */
};
static DEFINE_PER_CPU(struct xen_args, xen_args);
static u32 xen_cpuid_base;

static u32 xen_vcpu_nr(unsigned int cpu)
{
	return vcpu_nr[cpu];
}

static s64 HYPERVISOR_multicall(struct multicall_entry *list, u64 nr)
{
	struct gate_regs regs = { .di = (u64)list, .si = nr };

	return gate_call(hypercall_page + __HYPERVISOR_multicall * XEN_HYPERCALL_SLOT, &regs);
}

/* What is asked, as it stands in memory. Xen knows of no address space: all of them, then. */
static void trace_ask(const struct xen_args *args)
{
	u64 addr = args->op.arg1.linear_addr;

	trace(ASK, ~0ull, vcpus_to_cpus(&args->vcpus));
	if (args->op.cmd == MMUEXT_INVLPG_MULTI)
		trace(ASK_RANGE, addr, addr + PAGE_SIZE);
	else
		trace(ASK_RANGE, 0, TLB_FLUSH_ALL);
}

static s64 mmuext_op_multicall(struct xen_args *args)
{
	s64 status;

	trace_ask(args);
	args->call = (struct multicall_entry){
		.op = __HYPERVISOR_mmuext_op,
		.args = { (u64)&args->op, 1, 0, DOMID_SELF },
	};
	status = HYPERVISOR_multicall(&args->call, 1);
	return status ? status : (s64)READ_ONCE(args->call.result);
}

/* CPUs that are not online have nothing cached and nobody to flush it. */
static void online_vcpus(struct pvtlb_cpuset *to, const struct cpumask *cpus)
{
	unsigned int cpu;

	*to = (struct pvtlb_cpuset){ 0 };
	for_each_cpu(cpu, cpus) {
		u32 nr = xen_vcpu_nr(cpu);

		if (cpumask_test_cpu(cpu, &cpu_online_mask))
			to->bits[nr / 64] |= 1ull << (nr % 64);
		else
			trace(ELIDED, cpu, PVTLB_ELIDED_OFFLINE);
	}
}

static s64 flush_hypercall(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	struct xen_args *args = this_cpu_ptr(&xen_args);
	s64 status;

	online_vcpus(&args->vcpus, cpus);
	args->op = (struct mmuext_op){ .cmd = MMUEXT_TLB_FLUSH_MULTI };
	args->op.arg2.vcpumask.p = &args->vcpus;
	if (info->end != TLB_FLUSH_ALL && info->end - info->start <= PAGE_SIZE) {
		args->op.cmd = MMUEXT_INVLPG_MULTI;
		args->op.arg1.linear_addr = info->start;
	}
	status = mmuext_op_multicall(args);
	trace(HYPERCALL, __HYPERVISOR_multicall, status);
	return status;
}

/*
 * Lazy CPUs are flushed like any other, and info->wake_lazy_cpus makes no difference: Xen's
 * interface has no word for either.
 */
static void xen_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	bool flags;
	s64 status;

	if (cpumask_next_from(0, cpus) >= nr_cpu_ids)
		return;
	local_irq_save(flags);
	status = flush_hypercall(cpus, info);
	local_irq_restore(flags);
	/*
	 * Linux goes on with stale TLBs here (xen_mc_flush() warns of a failed entry, and is a
	 * BUG if the multicall itself fails). What IPIs can do is done instead; the status in
	 * the event says why.
	 */
	if (status)
		native_flush_tlb_multi(cpus, info);
}

/* Where it is not told, the numbers are the same. */
static void xen_cpu_up(void)
{
	u32 cpu = smp_processor_id(), leaf[4];

	gate_cpuid(xen_cpuid_base + 4, 0, leaf);
	vcpu_nr[cpu] = leaf[0] & XEN_HVM_CPUID_VCPU_ID_PRESENT ? leaf[1] : cpu;
}

static bool xen_install(void)
{
	u32 base = hypervisor_cpuid_base(XEN_SIGNATURE, XEN_LEAVES), leaf[4];

	if (!base)
		return refuse(PVTLB_REFUSED_NO_HYPERVISOR);
	xen_cpuid_base = base;
	gate_cpuid(base + 2, 0, leaf);
	if (!leaf[0])
		return refuse(PVTLB_REFUSED_NO_FEATURE);
	gate(GATE_WRMSR, leaf[1], __pa_symbol(hypercall_page));
	pv_ops.mmu.flush_tlb_multi = xen_flush_tlb_multi;
	/* As v4 had it: what Xen does to a CPU, this kernel sees no interrupt of. */
	pv_ops.mmu.flush_tlb_multi_implies_ipi_broadcast = false;
	return true;
}

PV_BACKEND(xen, { .name = "xen", .install = xen_install, .cpu_up = xen_cpu_up });
