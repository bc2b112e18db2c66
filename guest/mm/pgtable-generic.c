/* SPDX-License-Identifier: GPL-2.0-only */
/* Page tables that are put aside under huge pages, to be used again or freed. */
#include <asm/pgtable.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/trace.h>

#include "internal.h"

/* The page is in no list as long as it is a table: its link is free for this one. */
void pgtable_trans_huge_deposit(struct mm_struct *mm, u64 table)
{
	struct page *page = phys_to_page(table);

	trace(TABLE_DEPOSIT, table, table_gen(table), mm->id);
	page->next = mm->pmd_huge_pte;
	mm->pmd_huge_pte = page;
}

/* The one that was deposited last, whichever page that was under: they are empty; 0: none. */
static u64 pgtable_trans_huge_withdraw(struct mm_struct *mm)
{
	struct page *page = mm->pmd_huge_pte;

	if (!page)
		return 0;
	mm->pmd_huge_pte = page->next;
	return page_to_phys(page);
}

void free_deposited_table(struct mm_struct *mm)
{
	u64 table;

	spin_lock(&mm->page_table_lock);
	table = pgtable_trans_huge_withdraw(mm);
	spin_unlock(&mm->page_table_lock);
	/* No walker can be in a deposited table, it is said: freed at once, without RCU. */
	if (table)
		table_free(table);
}
