/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen as a guest finds it and calls it, whoever makes up what is asked. */
#include <asm/gate.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/percpu.h>
#include <linux/trace.h>

#include "vcpu_nr.h"
#include "xen_call.h"

static u32 xen_cpuid_base;

enum pvtlb_refused xen_connect(void)
{
	u32 base = hypervisor_cpuid_base(XEN_SIGNATURE, XEN_LEAVES), leaf[4];

	if (!base)
		return PVTLB_REFUSED_NO_HYPERVISOR;
	xen_cpuid_base = base;
	gate_cpuid(base + 2, 0, leaf);
	if (!leaf[0])
		return PVTLB_REFUSED_NO_FEATURE;
	gate(GATE_WRMSR, leaf[1], __pa_symbol(hypercall_page));
	return 0;
}

/* Where it is not told, the numbers are the same. */
void xen_cpu_up(void)
{
	u32 cpu = smp_processor_id(), leaf[4];

	gate_cpuid(xen_cpuid_base + 4, 0, leaf);
	vcpu_nr[cpu] = leaf[0] & XEN_HVM_CPUID_VCPU_ID_PRESENT ? leaf[1] : cpu;
}

s64 xen_hypercall(u64 nr, const u64 args[5])
{
	struct gate_regs regs = {
		.di = args[0], .si = args[1], .dx = args[2], .r10 = args[3], .r8 = args[4]
	};

	return gate_call(hypercall_page + nr * XEN_HYPERCALL_SLOT, &regs);
}

/* Xen knows of no address space: all of them, then. */
void xen_trace_ask(const struct pvtlb_source *source, const struct mmuext_op *op)
{
	u64 addr = op->arg1.linear_addr;

	trace_from(source, ASK, ~0ull, vcpus_to_cpus(op->arg2.vcpumask.p));
	if (op->cmd == MMUEXT_INVLPG_MULTI)
		trace_from(source, ASK_RANGE, addr, addr + PAGE_SIZE);
	else
		trace_from(source, ASK_RANGE, 0, TLB_FLUSH_ALL);
}
