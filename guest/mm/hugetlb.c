/* SPDX-License-Identifier: GPL-2.0-only */
/* Sharing the PMD tables of huge pages between mm's. */
#include <asm/tlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/trace.h>

#include "internal.h"

#define MAX_SHARERS 4

/* Of the file that is mapped: nobody shares or unshares meanwhile. Before page_table_lock. */
static spinlock_t i_mmap_lock;

/* The mm's that use a shared table. One table at a time is shared here. */
static struct {
	u64 table;
	struct mm_struct *mm[MAX_SHARERS];
} shared;

static void add_sharer(struct mm_struct *mm)
{
	for (int i = 0; i < MAX_SHARERS; i++) {
		if (shared.mm[i])
			continue;
		shared.mm[i] = mm;
		return;
	}
	panic("more mm's share a PMD table than", MAX_SHARERS);
}

/* Returns one of those that are left. */
static struct mm_struct *remove_sharer(struct mm_struct *mm)
{
	struct mm_struct *left = NULL;

	for (int i = 0; i < MAX_SHARERS; i++) {
		if (shared.mm[i] == mm)
			shared.mm[i] = NULL;
		else if (shared.mm[i])
			left = shared.mm[i];
	}
	return left;
}

void huge_pmd_share(struct mm_struct *from, struct mm_struct *to, u64 addr)
{
	u64 table;

	spin_lock(&i_mmap_lock);
	table = *lookup_entry(from, addr, PUD_SHIFT) & PTE_PFN_MASK;
	if (shared.table != table) {
		shared = (typeof(shared)){ .table = table };
		add_sharer(from);
	}
	add_sharer(to);
	phys_to_page(table)->pt_share++;
	spin_lock(&to->page_table_lock);
	hook_table(to, addr, table, PUD_SHIFT);
	spin_unlock(&to->page_table_lock);
	spin_unlock(&i_mmap_lock);
}

void huge_pmd_unshare(struct mm_struct *mm, u64 addr)
{
	struct mm_struct *left;
	struct mmu_gather tlb;
	u64 table, since = trace_sequence();

	tlb_gather_mmu(&tlb, mm);
	spin_lock(&i_mmap_lock);
	left = remove_sharer(mm);
	spin_lock(&mm->page_table_lock);
	table = unhook_table(mm, addr, PUD_SHIFT);
	tlb_unshare_pmd(&tlb, table, addr);
	spin_unlock(&mm->page_table_lock);
	/* Before the lock is dropped: behind it the last user has the table to itself. */
	tlb_flush_unshared_tables(&tlb);
	if (!phys_to_page(table)->pt_share)
		trace(TABLE_OWN, table, table_gen(table), left->id);
	spin_unlock(&i_mmap_lock);
	tlb_finish_mmu(&tlb);
	trace(RETURNS, mm->id, PVTLB_MM_UNSHARE, addr & ~(PUD_SIZE - 1),
	      (addr | (PUD_SIZE - 1)) + 1, since);
}
