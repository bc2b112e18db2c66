/* SPDX-License-Identifier: GPL-2.0-only */
/* Unmapping: clear entries, unhook tables, and leave flushing and freeing to an mmu_gather. */
#include <asm/tlb.h>
#include <linux/kernel.h>
#include <linux/trace.h>

#include "internal.h"

/* The next address that this level has an entry of its own for; at most end. */
static u64 addr_end(u64 addr, u64 end, unsigned int shift)
{
	u64 next = (addr | ((1ull << shift) - 1)) + 1;

	return next < end ? next : end;
}

static void zap_entry(struct mmu_gather *tlb, u64 addr, u64 entry, unsigned int shift, bool drop)
{
	set_leaf(tlb->mm, addr, 0, shift);
	tlb_remove_tlb_entry(tlb, addr, shift);
	if (drop)
		tlb_remove_page(tlb, entry & PTE_PFN_MASK & ~((1ull << shift) - 1));
}

/* drop: the mappings held references. */
static void zap_level(struct mmu_gather *tlb, u64 start, u64 end, unsigned int shift, bool drop)
{
	for (u64 addr = start, next; addr < end; addr = next) {
		const u64 *slot = lookup_entry(tlb->mm, addr, shift);

		next = addr_end(addr, end, shift);
		if (!slot || !(*slot & _PAGE_PRESENT))
			continue;
		if (shift == PAGE_SHIFT || *slot & _PAGE_PSE)
			zap_entry(tlb, addr, *slot, shift, drop);
		else
			zap_level(tlb, addr, next, shift - 9, drop);
	}
}

/* Unhook the tables that lie wholly in the range, the lowest first; not the pgd. */
static void free_level(struct mmu_gather *tlb, u64 start, u64 end, unsigned int shift)
{
	for (u64 addr = start, next; addr < end; addr = next) {
		const u64 *slot = lookup_entry(tlb->mm, addr, shift);
		u64 table;

		next = addr_end(addr, end, shift);
		if (!slot || !(*slot & _PAGE_PRESENT) || *slot & _PAGE_PSE)
			continue;
		if (shift > PMD_SHIFT)
			free_level(tlb, addr, next, shift - 9);
		if (next - addr < 1ull << shift)
			continue;
		table = unhook_table(tlb->mm, addr, shift);
		tlb_free_table(tlb, table, addr, shift);
	}
}

void do_munmap(struct mm_struct *mm, u64 start, u64 end, enum table_freeing how)
{
	u64 since = trace_sequence();
	struct mmu_gather tlb;

	tlb_gather_mmu(&tlb, mm);
	tlb.no_batch = how != FREE_BATCHED;
	tlb.pt_reclaim = how != FREE_ONE_SYNCED;
	zap_level(&tlb, start, end, PGD_SHIFT, true);
	free_level(&tlb, start, end, PGD_SHIFT);
	tlb_finish_mmu(&tlb);
	trace(RETURNS, mm->id, PVTLB_MM_MUNMAP, start, end, since);
}

/* A gather that is used again: one at a time. */
static struct mmu_gather open_munmap;

void munmap_begin(struct mm_struct *mm, u64 start, u64 end)
{
	tlb_gather_mmu(&open_munmap, mm);
	zap_level(&open_munmap, start, end, PGD_SHIFT, true);
	free_level(&open_munmap, start, end, PGD_SHIFT);
	tlb_flush_mmu(&open_munmap);
}

void munmap_end(u64 start, u64 end)
{
	open_munmap.no_batch = true;
	open_munmap.pt_reclaim = false;
	zap_level(&open_munmap, start, end, PGD_SHIFT, true);
	free_level(&open_munmap, start, end, PGD_SHIFT);
	tlb_finish_mmu(&open_munmap);
}

void zap_page_range(struct mm_struct *mm, u64 start, u64 end)
{
	u64 since = trace_sequence();
	struct mmu_gather tlb;

	tlb_gather_mmu(&tlb, mm);
	zap_level(&tlb, start, end, PGD_SHIFT, true);
	tlb_finish_mmu(&tlb);
	trace(RETURNS, mm->id, PVTLB_MM_ZAP, start, end, since);
}

void exit_mmap(struct mm_struct *mm)
{
	u64 since = trace_sequence();
	struct mmu_gather tlb;

	tlb_gather_mmu_fullmm(&tlb, mm);
	zap_level(&tlb, 0, TASK_SIZE, PGD_SHIFT, false);
	free_level(&tlb, 0, TASK_SIZE, PGD_SHIFT);
	tlb_finish_mmu(&tlb);
	if (mm->pmd_huge_pte)
		table_free(mm->pmd_huge_pte);
	mm->pmd_huge_pte = 0;
	trace(RETURNS, mm->id, PVTLB_MM_EXIT, 0, TLB_FLUSH_ALL, since);
}
