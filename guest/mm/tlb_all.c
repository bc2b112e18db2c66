/* SPDX-License-Identifier: GPL-2.0-only */
/* Flushes that are not of one mm: batches of several, and the kernel's own addresses. */
#include <asm/cpufeature.h>
#include <asm/invlpgb.h>
#include <asm/pgtable.h>
#include <asm/tlbbatch.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/smp.h>
#include <linux/trace.h>

#include "internal.h"

bool arch_tlbbatch_should_defer(struct mm_struct *mm)
{
	return cpumask_any_but(mm_cpumask(mm), smp_processor_id()) < nr_cpu_ids;
}

void arch_tlbbatch_add_pending(struct arch_tlbflush_unmap_batch *batch, struct mm_struct *mm,
			       u64 start, u64 end)
{
	unsigned int cpu;

	(void)start, (void)end;
	/* As with any flush: the generation first, then who is to be told. */
	inc_mm_tlb_gen(mm);
	for_each_cpu(cpu, mm_cpumask(mm))
		cpumask_set_cpu(cpu, &batch->cpumask);
	batch->unmapped_pages = true;
}

/* Whatever a CPU has loaded, it catches up with that mm's generation. */
void arch_tlbbatch_flush(struct arch_tlbflush_unmap_batch *batch)
{
	unsigned int cpu = smp_processor_id();
	struct flush_tlb_info *info =
		get_flush_tlb_info(NULL, 0, TLB_FLUSH_ALL, PAGE_SHIFT, false, 0);

	trace(FLUSH_BEGIN, PVTLB_MM_ALL, 0, TLB_FLUSH_ALL, 0, false, PAGE_SHIFT);
	if (use_global_asids) {
		trace(FLUSH_MULTI, cpus_booted_once_mask.set);
		invlpgb_flush_all_nonglobals();
	} else if (cpumask_any_but(&batch->cpumask, cpu) < nr_cpu_ids) {
		flush_tlb_multi(&batch->cpumask, info);
	} else if (cpumask_test_cpu(cpu, &batch->cpumask)) {
		local_irq_disable();
		flush_tlb_func(info);
		local_irq_enable();
	}
	trace(FLUSH_END, PVTLB_MM_ALL, 0);
	put_flush_tlb_info();
	*batch = (struct arch_tlbflush_unmap_batch){ 0 };
}

static void do_kernel_range_flush(void *data)
{
	const struct flush_tlb_info *info = data;

	trace(FLUSH_ENTER, 0, info->new_tlb_gen, info->initiating_cpu);
	if (info->end == TLB_FLUSH_ALL) {
		native_flush_tlb_local();
	} else {
		for (u64 addr = info->start; addr < info->end; addr += PAGE_SIZE)
			native_flush_tlb_one_user(addr);
	}
	/* They are not global pages: they may be cached under each of the other PCIDs, too. */
	this_cpu_write(cpu_tlbstate.invalidate_other, true);
	trace(FLUSH_FUNC, 0, info->new_tlb_gen,
	      info->end == TLB_FLUSH_ALL ? PVTLB_FLUSHED_FULL : PVTLB_FLUSHED_PARTIAL,
	      info->initiating_cpu);
}

/*
 * All CPUs have these addresses, lazy ones and idle ones, too, and no backend is asked: by IPI,
 * or by INVLPGB.
 */
void flush_tlb_kernel_range(u64 start, u64 end)
{
	struct flush_tlb_info *info = get_flush_tlb_info(NULL, start, end, PAGE_SHIFT, false, 0);

	trace(FLUSH_BEGIN, 0, start, end, 0, false, PAGE_SHIFT);
	trace(FLUSH_MULTI, use_global_asids ? cpus_booted_once_mask.set : cpu_online_mask.set);
	if (use_global_asids)
		invlpgb_flush_kernel_range(start, end);
	else
		on_each_cpu_mask(&cpu_online_mask, do_kernel_range_flush, info, true);
	trace(FLUSH_END, 0, 0);
	put_flush_tlb_info();
}
