/* SPDX-License-Identifier: GPL-2.0-only */
/* asm/tlb.h of the guest, done by the tree's mm/mmu_gather.o; and the guest's memory and RCU for
 * it. */
#include <asm/pgtable.h>
#include <asm/tlb.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>

#include "bridge.h"
#include "glue.h"

/* The tree's gather stands where the model has its batch. */
static void gather(struct mmu_gather *tlb, struct mm_struct *mm, bool fullmm)
{
	*tlb = (struct mmu_gather){ .mm = mm, .fullmm = fullmm, .batch = k_gather(mm->id, fullmm) };
}

void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm)
{
	gather(tlb, mm, false);
}

void tlb_gather_mmu_fullmm(struct mmu_gather *tlb, struct mm_struct *mm)
{
	gather(tlb, mm, true);
}

void tlb_remove_tlb_entry(struct mmu_gather *tlb, u64 addr, unsigned int shift)
{
	k_gather_entry(tlb->batch, addr, shift);
}

bool __tlb_remove_page(struct mmu_gather *tlb, u64 page)
{
	return k_gather_page(tlb->batch, page, tlb->no_batch);
}

void tlb_flush_mmu(struct mmu_gather *tlb)
{
	k_gather_flush(tlb->batch);
}

void tlb_free_table(struct mmu_gather *tlb, u64 table, u64 addr, unsigned int shift)
{
	k_gather_table(tlb->batch, table, addr, shift, tlb->no_batch);
}

void tlb_unshare_pmd(struct mmu_gather *tlb, u64 table, u64 addr)
{
	k_gather_unshare(tlb->batch, table, addr, phys_to_page(table)->pt_share--);
}

void tlb_flush_unshared_tables(struct mmu_gather *tlb)
{
	k_gather_flush_unshared(tlb->batch);
}

void tlb_finish_mmu(struct mmu_gather *tlb)
{
	k_gather_finish(tlb->batch);
}

void tlb_remove_table_sync_one(struct mmu_gather *tlb)
{
	(void)tlb;
	k_sync_one();
}

/* A tree that has none frees a lone table after the other one (tlb_remove_table_one()). */
void tlb_remove_table_sync_rcu(struct mmu_gather *tlb)
{
	tlb_remove_table_sync_one(tlb);
}

word g_page_alloc(void)
{
	return page_alloc(PAGE_SHIFT);
}

void g_put_page(word page)
{
	put_page(page);
}

void g_table_free(word table)
{
	table_free_from(TREE_SOURCE("__tlb_remove_table"), table);
}

void g_rcu_read_lock(void)
{
	rcu_read_lock();
}

void g_rcu_read_unlock(void)
{
	rcu_read_unlock();
}

int g_rcu_nesting(void)
{
	return this_cpu_read(rcu_read_lock_nesting);
}

void g_synchronize_rcu(void)
{
	synchronize_rcu();
}

void g_call_rcu(void *head, void *func)
{
	call_rcu(head, func);
}

/* A reference that GUP-fast takes it takes on the tree's struct page: there is no other count. */

u32 *page_ref(struct page *page)
{
	u32 *ref = k_page_ref(page_to_phys(page));

	return ref ? ref : &page->refcount;
}

void page_ref_init(struct page *page)
{
	if (k_page_ref(page_to_phys(page)))
		k_page_init(page_to_phys(page), page->shift);
	else
		page->refcount = 1;
}
