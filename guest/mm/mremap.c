/* SPDX-License-Identifier: GPL-2.0-only */
/* Moving mappings to another address of the same mm. */
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/trace.h>

#include "internal.h"

static bool move_pte(struct mm_struct *mm, u64 from, u64 to)
{
	const u64 *slot = lookup_entry(mm, from, PAGE_SHIFT);
	u64 pte = slot ? *slot : 0;

	if (!(pte & _PAGE_PRESENT))
		return false;
	set_leaf(mm, from, 0, PAGE_SHIFT);
	set_leaf(mm, to, pte, PAGE_SHIFT);
	return true;
}

/*
 * The flush of the old place comes before the lock is let go of: behind it others find the page
 * at the new place, may unmap it there and give it away, with a flush of the new place only
 * (CVE-2018-18281).
 */
void move_page_tables(struct mm_struct *mm, u64 from, u64 to, u64 len)
{
	bool moved = false;
	u64 since;

	mmap_write_lock(mm);
	spin_lock(&mm->page_table_lock);
	since = trace_sequence();
	flush_tlb_batched_pending(mm);
	for (u64 at = 0; at < len; at += PAGE_SIZE)
		moved |= move_pte(mm, from + at, to + at);
	if (moved)
		flush_tlb_mm_range(mm, from, from + len, PAGE_SHIFT, true);
	spin_unlock(&mm->page_table_lock);
	mmap_write_unlock(mm);
	trace(RETURNS, mm->id, PVTLB_MM_MREMAP, from, from + len, since);
}
