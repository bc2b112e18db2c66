/* SPDX-License-Identifier: GPL-2.0-only */
/* Collapsing small pages into a huge one, whose page table is kept and used again. */
#include <asm/tlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/trace.h>

#include "internal.h"

/* Copy what the small pages hold, but for the first word: each page's own address. */
static void copy_page(u64 to, u64 from)
{
	__builtin_memcpy((u8 *)__va(to) + 8, (u8 *)__va(from) + 8, PAGE_SIZE - 8);
}

/* The table is out of use now: nobody may look into it any more. */
static void copy_and_clear(u64 table, u64 huge)
{
	u64 *pte = __va(table);

	for (unsigned int i = 0; i < PTRS_PER_TABLE; i++) {
		u64 page = pte[i] & PTE_PFN_MASK;

		if (!(pte[i] & _PAGE_PRESENT))
			continue;
		copy_page(huge + ((u64)i << PAGE_SHIFT), page);
		WRITE_ONCE(pte[i], 0);
		put_page(page);
	}
}

void collapse_huge_page(struct mm_struct *mm, u64 addr, u64 huge, bool flush)
{
	u64 start = addr & ~(PMD_SIZE - 1), since = trace_sequence(), table;
	struct mmu_gather tlb = { .mm = mm }; /* gathers nothing: whose flush and sync it is */

	mmap_write_lock(mm);
	spin_lock(&mm->page_table_lock);
	table = unhook_table(mm, start, PMD_SHIFT);
	if (!table)
		panic("collapse: no page table at", start);
	/* pmdp_collapse_flush(): every range flush of x86 wakes lazy CPUs. */
	if (flush)
		flush_tlb_gather_range(&tlb, start, start + PMD_SIZE, PAGE_SHIFT, true);
	spin_unlock(&mm->page_table_lock);
	/* gup_fast may still be in the table: it must be out before the same one is deposited. */
	tlb_remove_table_sync_one(&tlb);

	spin_lock(&mm->page_table_lock);
	pgtable_trans_huge_deposit(mm, table);
	copy_and_clear(table, huge);
	set_leaf(mm, start, huge | _PAGE_TABLE | _PAGE_PSE, PMD_SHIFT);
	spin_unlock(&mm->page_table_lock);
	mmap_write_unlock(mm);
	trace(RETURNS, mm->id, PVTLB_MM_COLLAPSE, start, start + PMD_SIZE, since);
}

void zap_huge_pmd(struct mm_struct *mm, u64 addr)
{
	u64 start = addr & ~(PMD_SIZE - 1), since = trace_sequence();

	zap_page_range(mm, start, start + PMD_SIZE);
	free_deposited_table(mm);
	trace(RETURNS, mm->id, PVTLB_MM_ZAP_HUGE, start, start + PMD_SIZE, since);
}
