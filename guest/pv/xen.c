/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest side of the xen backend: a flush is a multicall with one HYPERVISOR_mmuext_op. */
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/trace.h>

#include "vcpu_nr.h"
#include "xen_call.h"

/* What a call hands over by address. Per CPU: the hypervisor reads it with IRQs off. */
struct xen_args {
	struct multicall_entry call;
	struct mmuext_op op;
	struct pvtlb_cpuset vcpus; /* vCPU nr is bit nr % 64 of word nr / 64 */
};
static DEFINE_PER_CPU(struct xen_args, xen_args);

static u32 xen_vcpu_nr(unsigned int cpu)
{
	return vcpu_nr[cpu];
}

static s64 HYPERVISOR_multicall(struct multicall_entry *list, u64 nr)
{
	return xen_hypercall(__HYPERVISOR_multicall, (const u64[5]){ (u64)list, nr });
}

static s64 mmuext_op_multicall(struct xen_args *args)
{
	s64 status;

	xen_trace_ask(TRACE_SOURCE, &args->op);
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

static bool xen_install(void)
{
	enum pvtlb_refused why = xen_connect();

	if (why)
		return refuse(why);
	pv_ops.mmu.flush_tlb_multi = xen_flush_tlb_multi;
	/* As v4 had it: what Xen does to a CPU, this kernel sees no interrupt of. */
	pv_ops.mmu.flush_tlb_multi_implies_ipi_broadcast = false;
	return true;
}

PV_BACKEND(xen, { .name = "xen", .install = xen_install, .cpu_up = xen_cpu_up });
