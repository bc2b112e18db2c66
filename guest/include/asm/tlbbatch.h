/* SPDX-License-Identifier: GPL-2.0-only */
/* Flushing what was unmapped from several mm's at once: only the CPUs are remembered. */
#ifndef _ASM_TLBBATCH_H
#define _ASM_TLBBATCH_H

#include <linux/cpumask.h>
#include <linux/mm_types.h>
#include <linux/types.h>

struct arch_tlbflush_unmap_batch {
	struct cpumask cpumask;
	bool unmapped_pages;
};

/* Is it worth it? Not where nobody else has to be told. */
bool arch_tlbbatch_should_defer(struct mm_struct *mm);
/* [start, end) of mm was unmapped just now, under its page_table_lock. */
void arch_tlbbatch_add_pending(struct arch_tlbflush_unmap_batch *batch, struct mm_struct *mm,
			       u64 start, u64 end);
/* Flush all that was added; the batch is empty then. IRQs must be on. */
void arch_tlbbatch_flush(struct arch_tlbflush_unmap_batch *batch);

#endif
