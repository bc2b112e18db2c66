/* SPDX-License-Identifier: GPL-2.0-only */
/* Reclaim: unmapping pages one by one, and one flush for all of them, whoever's they were. */
#include <asm/pgtable.h>
#include <asm/tlbbatch.h>
#include <asm/tlbflush.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/trace.h>

#include "internal.h"

#define MAX_ISOLATED 64

/* What this CPU has unmapped and not yet flushed: pages, and where they were mapped. */
struct tlbflush_unmap_batch {
	struct arch_tlbflush_unmap_batch arch;
	unsigned int nr;
	struct unmapped {
		u32 mm; /* its id */
		u64 addr, page, since;
	} unmapped[MAX_ISOLATED];
};
static DEFINE_PER_CPU(struct tlbflush_unmap_batch, tlb_ubc);

static void try_to_unmap_one(struct mm_struct *mm, u64 addr)
{
	struct tlbflush_unmap_batch *ubc = this_cpu_ptr(&tlb_ubc);
	const u64 *slot = lookup_entry(mm, addr, PAGE_SHIFT);
	u64 pte = slot ? *slot : 0, since = trace_sequence();

	if (!(pte & _PAGE_PRESENT) || ubc->nr == MAX_ISOLATED)
		return;
	set_leaf(mm, addr, 0, PAGE_SHIFT);
	if (arch_tlbbatch_should_defer(mm)) {
		arch_tlbbatch_add_pending(&ubc->arch, mm, addr, addr + PAGE_SIZE);
		WRITE_ONCE(mm->tlb_flush_batched, true);
	} else {
		flush_tlb_mm_range(mm, addr, addr + PAGE_SIZE, PAGE_SHIFT, true);
	}
	ubc->unmapped[ubc->nr++] = (struct unmapped){ mm->id, addr, pte & PTE_PFN_MASK, since };
}

/* As a reader: in the place of the locks by which Linux finds who maps a page. */
void try_to_unmap(struct mm_struct *mm, u64 start, u64 end)
{
	mmap_read_lock(mm);
	spin_lock(&mm->page_table_lock);
	for (u64 addr = start; addr < end; addr += PAGE_SIZE)
		try_to_unmap_one(mm, addr);
	spin_unlock(&mm->page_table_lock);
	mmap_read_unlock(mm);
}

void try_to_unmap_flush(void)
{
	struct tlbflush_unmap_batch *ubc = this_cpu_ptr(&tlb_ubc);

	if (ubc->arch.unmapped_pages)
		arch_tlbbatch_flush(&ubc->arch);
	for (unsigned int i = 0; i < ubc->nr; i++) {
		const struct unmapped *u = &ubc->unmapped[i];

		trace(RETURNS, u->mm, PVTLB_MM_BATCH, u->addr, u->addr + PAGE_SIZE, u->since);
		put_page(u->page);
	}
	ubc->nr = 0;
}

/* The batch may be another CPU's, which goes on collecting: so all of this mm, here and now. */
void flush_tlb_batched_pending(struct mm_struct *mm)
{
	bool batched = READ_ONCE(mm->tlb_flush_batched);

	trace(PENDING, mm->id, batched);
	if (!batched)
		return;
	flush_tlb_mm_range(mm, 0, TLB_FLUSH_ALL, PAGE_SHIFT, true);
	WRITE_ONCE(mm->tlb_flush_batched, false);
}
