/* SPDX-License-Identifier: GPL-2.0-only */
/* Changing what mapped pages may be used for. */
#include <asm/tlb.h>
#include <linux/trace.h>

#include "internal.h"

/* As x86 has it: rights that come need no flush, a fault looks again. */
static void change_pte(struct mmu_gather *tlb, u64 addr, bool writable)
{
	const u64 *slot = lookup_entry(tlb->mm, addr, PAGE_SHIFT);
	u64 old = slot ? *slot : 0, new = writable ? old | _PAGE_RW : old & ~_PAGE_RW;

	if (!(old & _PAGE_PRESENT) || new == old)
		return;
	set_leaf(tlb->mm, addr, new, PAGE_SHIFT);
	if (!writable)
		tlb_remove_tlb_entry(tlb, addr, PAGE_SHIFT);
}

void change_protection(struct mm_struct *mm, u64 start, u64 end, bool writable)
{
	struct mmu_gather tlb;
	u64 since;

	mmap_write_lock(mm);
	tlb_gather_mmu(&tlb, mm);
	spin_lock(&mm->page_table_lock);
	since = trace_sequence();
	flush_tlb_batched_pending(mm);
	for (u64 addr = start; addr < end; addr += PAGE_SIZE)
		change_pte(&tlb, addr, writable);
	spin_unlock(&mm->page_table_lock);
	tlb_finish_mmu(&tlb);
	mmap_write_unlock(mm);
	trace(RETURNS, mm->id, PVTLB_MM_PROTECT, start, end, since);
}
