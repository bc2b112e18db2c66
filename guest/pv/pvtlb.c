/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest side of the pvtlb backend: one hypercall flushes a set of CPUs and interrupts none. */
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <pvtlb/flush.h>

#include "vcpu_nr.h"

/* What is asked, as it stands in the block. */
static void trace_ask(const struct pvtlb_flush *flush)
{
	trace(ASK, flush->flags & PVTLB_FLUSH_ALL_SPACES ? ~0ull : flush->space,
	      vcpus_to_cpus(&flush->vcpus));
	if (flush->flags & PVTLB_FLUSH_ALL_PAGES)
		trace(ASK_RANGE, 0, TLB_FLUSH_ALL);
	for (u32 i = 0; i < flush->nr_ranges; i++)
		trace(ASK_RANGE, flush->range[i].start, flush->range[i].end);
}

/*
 * Whom to name, by the hypervisor's numbers. A lazy CPU catches up when it switches back, unless
 * tables go away under it. One that was never up has no number, and nothing cached.
 */
static struct pvtlb_cpuset targets(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	struct pvtlb_cpuset vcpus = { 0 };
	unsigned int cpu;

	for_each_cpu(cpu, cpus) {
		u32 nr = vcpu_nr[cpu];

		if (nr == VCPU_NR_INVAL)
			trace(ELIDED, cpu, PVTLB_ELIDED_OFFLINE);
		else if (!info->wake_lazy_cpus && cpu_is_lazy(cpu))
			trace(ELIDED, cpu, PVTLB_ELIDED_LAZY);
		else
			vcpus.bits[nr / 64] |= 1ull << (nr % 64);
	}
	return vcpus;
}

static s64 flush_hypercall(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	struct pvtlb_cpuset vcpus = targets(cpus, info);
	struct pvtlb_call_block *block = vmm_call_block();
	struct pvtlb_flush *flush = (void *)block->payload;
	s64 status;

	flush->vcpus = vcpus;
	/* The mm's first pgd names the address space, whichever of the two a CPU has loaded. */
	if (info->mm)
		flush->space = __pa(info->mm->pgd);
	else
		flush->flags = PVTLB_FLUSH_ALL_SPACES;
	if (info->end == TLB_FLUSH_ALL) {
		flush->flags |= PVTLB_FLUSH_ALL_PAGES;
	} else {
		flush->nr_ranges = 1;
		flush->range[0].start = info->start;
		flush->range[0].end = info->end;
	}
	block->len = sizeof(*flush) + flush->nr_ranges * sizeof(flush->range[0]);
	trace_ask(flush);
	status = vmm_call_ring(block, PVTLB_CALL_FLUSH_TLB);
	trace(HYPERCALL, PVTLB_CALL_FLUSH_TLB, status);
	return status;
}

static void pvtlb_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	bool flags;
	s64 status;

	local_irq_save(flags);
	status = flush_hypercall(cpus, info);
	local_irq_restore(flags);
	if (status)
		flush_tlb_multi_natively(cpus, info);
}

static void pvtlb_cpu_up(void)
{
	struct pvtlb_call_block *block;
	bool flags;
	s64 status;

	local_irq_save(flags);
	block = vmm_call_block();
	status = vmm_call_ring(block, PVTLB_CALL_VCPU_NR);
	if (status || block->result >= NR_CPUS)
		panic("VCPU_NR: no number for CPU", smp_processor_id());
	vcpu_nr[smp_processor_id()] = block->result;
	local_irq_restore(flags);
}

static bool pvtlb_install(void)
{
	pv_ops.mmu.flush_tlb_multi = pvtlb_flush_tlb_multi;
	/* Wrong, and left standing: the mistake that v4 made about KVM. */
	pv_ops.mmu.flush_tlb_multi_implies_ipi_broadcast = true;
	return true;
}

PV_BACKEND(pvtlb, { .name = "pvtlb", .install = pvtlb_install, .cpu_up = pvtlb_cpu_up });
