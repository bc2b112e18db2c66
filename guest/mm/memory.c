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

/* true: the gather has no room for another page. */
static bool zap_entry(struct mmu_gather *tlb, u64 addr, u64 entry, unsigned int shift, bool drop)
{
	set_leaf(tlb->mm, addr, 0, shift);
	tlb_remove_tlb_entry(tlb, addr, shift);
	return drop && __tlb_remove_page(tlb, entry & PTE_PFN_MASK & ~((1ull << shift) - 1));
}

/*
 * What is mapped below one entry that maps 2 MiB, or that entry itself: as much as the gather
 * has room for. Returns how far it came.
 */
static u64 zap_some(struct mmu_gather *tlb, u64 addr, u64 end, bool drop)
{
	const u64 *slot = lookup_entry(tlb->mm, addr, PMD_SHIFT);
	bool full = false;

	if (!slot || !(*slot & _PAGE_PRESENT))
		return end;
	if (*slot & _PAGE_PSE) {
		zap_entry(tlb, addr, *slot, PMD_SHIFT, drop);
		return end;
	}
	for (; addr < end && !full; addr += PAGE_SIZE) {
		slot = lookup_entry(tlb->mm, addr, PAGE_SHIFT);
		if (*slot & _PAGE_PRESENT)
			full = zap_entry(tlb, addr, *slot, PAGE_SHIFT, drop);
	}
	return addr;
}

/* The lock is let go of before the flush: nobody waits for it with what is flushed here. */
static void zap_pmd(struct mmu_gather *tlb, u64 addr, u64 end, bool drop)
{
	while (addr < end) {
		spin_lock(&tlb->mm->page_table_lock);
		if (!tlb->since)
			tlb->since = trace_sequence();
		flush_tlb_batched_pending(tlb->mm);
		addr = zap_some(tlb, addr, end, drop);
		spin_unlock(&tlb->mm->page_table_lock);
		if (addr < end)
			tlb_flush_mmu(tlb);
		trace_drain();
	}
}

/* drop: the mappings held references. */
static void zap_level(struct mmu_gather *tlb, u64 start, u64 end, unsigned int shift, bool drop)
{
	for (u64 addr = start, next; addr < end; addr = next) {
		const u64 *slot = lookup_entry(tlb->mm, addr, shift);

		next = addr_end(addr, end, shift);
		if (!slot || !(*slot & _PAGE_PRESENT))
			continue;
		if (shift == PMD_SHIFT)
			zap_pmd(tlb, addr, next, drop);
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
		trace_drain();
	}
}

/* What others cleared in the range up to this event it was to see; since: where the call began. */
static u64 looked_since(const struct mmu_gather *tlb, u64 since)
{
	return tlb->since ? tlb->since : since;
}

/*
 * Here the range would be taken out of the list of what there is (VMAs): from then on nobody
 * else looks for anything there, and readers may come in. That they do so is the caller's part.
 */
void do_munmap(struct mm_struct *mm, u64 start, u64 end, enum table_freeing how)
{
	u64 since = trace_sequence();
	struct mmu_gather tlb;

	mmap_write_lock(mm);
	mmap_write_downgrade(mm);
	tlb_gather_mmu(&tlb, mm);
	tlb.no_batch = how != FREE_BATCHED;
	tlb.pt_reclaim = how != FREE_ONE_SYNCED;
	zap_level(&tlb, start, end, PGD_SHIFT, true);
	free_level(&tlb, start, end, PGD_SHIFT);
	tlb_finish_mmu(&tlb);
	mmap_read_unlock(mm);
	trace(RETURNS, mm->id, PVTLB_MM_MUNMAP, start, end, looked_since(&tlb, since));
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

	mmap_read_lock(mm);
	tlb_gather_mmu(&tlb, mm);
	zap_level(&tlb, start, end, PGD_SHIFT, true);
	tlb_finish_mmu(&tlb);
	mmap_read_unlock(mm);
	trace(RETURNS, mm->id, PVTLB_MM_ZAP, start, end, looked_since(&tlb, since));
}

void exit_mmap(struct mm_struct *mm)
{
	u64 since = trace_sequence();
	struct mmu_gather tlb;

	mmap_write_lock(mm);
	tlb_gather_mmu_fullmm(&tlb, mm);
	zap_level(&tlb, 0, TASK_SIZE, PGD_SHIFT, false);
	free_level(&tlb, 0, TASK_SIZE, PGD_SHIFT);
	tlb_finish_mmu(&tlb);
	while (mm->pmd_huge_pte)
		free_deposited_table(mm);
	mmap_write_unlock(mm);
	trace(RETURNS, mm->id, PVTLB_MM_EXIT, 0, TLB_FLUSH_ALL, looked_since(&tlb, since));
}
