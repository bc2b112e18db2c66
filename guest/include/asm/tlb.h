/* SPDX-License-Identifier: GPL-2.0-only */
/* Freeing page tables: the mmu_gather, and what a flush implies about the walkers of tables. */
#ifndef _ASM_TLB_H
#define _ASM_TLB_H

#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/jump_label.h>
#include <linux/trace.h>
#include <linux/types.h>

DECLARE_STATIC_KEY_FALSE(tlb_ipi_broadcast_key);

/* Decided once at boot by native_pv_tlb_init(). */
static inline bool tlb_table_flush_implies_ipi_broadcast(void)
{
	return static_branch_likely(&tlb_ipi_broadcast_key);
}

/* How many pages a gather holds by itself, and how many more pages of pages it may take. */
#define MMU_GATHER_BUNDLE      8
#define MAX_GATHER_BATCH_COUNT 19

struct mmu_gather;
struct mmu_gather_batch;
struct mmu_table_batch;

/*
 * Wait until no CPU is in a lockless walk that may have started before the tables were
 * unhooked: _one for walkers with IRQs off, _rcu for those in an RCU read section, too. The
 * gather is for policies that go by its mm or by its flushes (asm/tlb_policy.h); NULL: none.
 */
void tlb_remove_table_sync_one(struct mmu_gather *tlb);
void tlb_remove_table_sync_rcu(struct mmu_gather *tlb);

/* What an unmapping has collected: to flush, then to free. */
struct mmu_gather {
	struct mm_struct *mm;
	struct mmu_table_batch *batch; /* tables, NULL: none yet */
	u64 start, end;		       /* what was cleared; start >= end: nothing */
	u64 since;		       /* up to this event nothing was looked at; 0: still so */
	bool fullmm;		       /* all of user space */
	bool freed_tables;
	bool unshared_tables;	    /* a PMD table is not used by this mm any more */
	bool fully_unshared_tables; /* and by one mm only, which may do with it what it likes */
	bool cleared_ptes, cleared_pmds;
	bool no_batch;	 /* as if there were no page for a batch */
	bool pt_reclaim; /* CONFIG_PT_RECLAIM */
	bool sync_redundant; /* a policy's: it has noted that the next sync need not be sent */
	unsigned int nr;
	u64 pages[MMU_GATHER_BUNDLE];
	struct mmu_gather_batch *more; /* pages behind these, the newest first; NULL: none */
	unsigned int batch_count;
};

void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm);
void tlb_gather_mmu_fullmm(struct mmu_gather *tlb, struct mm_struct *mm);
/* Flush and free what is left. */
void tlb_finish_mmu(struct mmu_gather *tlb);
/* Flush and free what there is so far. */
void tlb_flush_mmu(struct mmu_gather *tlb);
/* Flush, and nothing else. */
void tlb_flush_mmu_tlbonly(struct mmu_gather *tlb);

/* An entry of shift was cleared; the page it mapped is to be dropped; a table is to be freed. */
void tlb_remove_tlb_entry(struct mmu_gather *tlb, u64 addr, unsigned int shift);
/* true: no room for another one. When page_table_lock is dropped: tlb_flush_mmu(). */
bool __tlb_remove_page(struct mmu_gather *tlb, u64 page);
/* Flush and free what there is so far. */
void tlb_flush_mmu(struct mmu_gather *tlb);
void tlb_free_table(struct mmu_gather *tlb, u64 table, u64 addr, unsigned int shift);

/* An mm no longer uses a PMD table; before the locks are dropped, tlb_flush_unshared_tables(). */
void tlb_unshare_pmd(struct mmu_gather *tlb, u64 table, u64 addr);
void tlb_flush_unshared_tables(struct mmu_gather *tlb);

/* The smallest page size among what was cleared. */
static inline unsigned int tlb_get_unmap_shift(const struct mmu_gather *tlb)
{
	return tlb->cleared_pmds && !tlb->cleared_ptes ? PMD_SHIFT : PAGE_SHIFT;
}

static inline void tlb_flush(struct mmu_gather *tlb)
{
	/* A CPU in lazy TLB mode may walk tables speculatively: it has to be told as well. */
	bool wake_lazy_cpus = tlb->freed_tables || tlb->unshared_tables;
	u64 start = 0, end = TLB_FLUSH_ALL;

	if (!tlb->fullmm) {
		start = tlb->start;
		end = tlb->end;
	}
	trace(GATHER, tlb->mm->id, start, end, tlb->freed_tables, tlb->unshared_tables, tlb->fullmm);
	flush_tlb_gather_range(tlb, start, end, tlb_get_unmap_shift(tlb), wake_lazy_cpus);
}

#endif
