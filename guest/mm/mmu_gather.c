/* SPDX-License-Identifier: GPL-2.0-only */
/* Unmapping in three steps: unhook, flush, free; and the syncs with lockless walkers. */
#include <asm/tlb.h>
#include <asm/tlb_policy.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>

/* The syncs. */

static void tlb_remove_table_smp_sync(void *unused)
{
	/* Being interrupted is all there is to it: the CPU had IRQs on. */
	(void)unused;
}

static struct cpumask other_cpus(void)
{
	struct cpumask cpus = cpumask_now(&cpu_online_mask);

	cpumask_clear_cpu(smp_processor_id(), &cpus);
	return cpus;
}

void tlb_remove_table_sync_one(struct mmu_gather *tlb)
{
	struct cpumask cpus;

	if (tlb_table_flush_implies_ipi_broadcast() || tlb_policy_may_skip(tlb)) {
		trace(SYNC, false, true);
		return;
	}
	cpus = other_cpus();
	if (tlb_policy->choose)
		tlb_policy->choose(tlb ? tlb->mm : NULL, &cpus);
	/* No grace period: walkers in an RCU read section are not waited for. */
	trace(SYNC, .rcu = false, .cpus = cpus.set);
	on_each_cpu_mask(&cpus, tlb_remove_table_smp_sync, NULL, true);
}

void tlb_remove_table_sync_rcu(struct mmu_gather *tlb)
{
	struct cpumask cpus;

	if (tlb_table_flush_implies_ipi_broadcast() || tlb_policy_may_skip(tlb)) {
		trace(SYNC, true, true);
		return;
	}
	cpus = other_cpus();
	trace(SYNC, .rcu = true, .cpus = cpus.set);
	synchronize_rcu();
}

/* Freeing tables: in batches behind a grace period; one by one where there is no memory. */

struct mmu_table_batch {
	struct rcu_head rcu;
	u64 nr;
	u64 tables[];
};
#define MAX_TABLE_BATCH ((PAGE_SIZE - sizeof(struct mmu_table_batch)) / sizeof(u64))

static void tlb_remove_table_rcu(struct rcu_head *head)
{
	struct mmu_table_batch *batch = (void *)head;

	for (u64 i = 0; i < batch->nr; i++)
		table_free(batch->tables[i]);
	put_page(__pa(batch));
}

/* A table that is freed by itself carries its own rcu_head: nobody needs its entries. */
struct table_rcu {
	struct rcu_head rcu;
	u64 table;
};

static void __tlb_remove_table_one_rcu(struct rcu_head *head)
{
	struct table_rcu *one = (void *)head;

	table_free(one->table);
	put_page(__pa(one));
}

static void __tlb_remove_table_one(struct mmu_gather *tlb, u64 table)
{
	if (tlb->pt_reclaim) {
		/* Linux has the head in the table's ptdesc; here it takes a page. */
		struct table_rcu *one = __va(page_alloc(PAGE_SHIFT));

		one->table = table;
		call_rcu(&one->rcu, __tlb_remove_table_one_rcu);
		return;
	}
	tlb_remove_table_sync_rcu(tlb);
	table_free(table);
}

static void tlb_table_flush(struct mmu_gather *tlb)
{
	struct mmu_table_batch *batch = tlb->batch;

	if (!batch)
		return;
	/* The hardware first: a CPU must not walk through what is about to be freed. */
	tlb_flush_mmu_tlbonly(tlb);
	call_rcu(&batch->rcu, tlb_remove_table_rcu);
	tlb->batch = NULL;
}

static void tlb_remove_table(struct mmu_gather *tlb, u64 table)
{
	if (!tlb->batch && tlb->no_batch) {
		tlb_flush_mmu_tlbonly(tlb);
		__tlb_remove_table_one(tlb, table);
		return;
	}
	if (!tlb->batch)
		tlb->batch = __va(page_alloc(PAGE_SHIFT));
	tlb->batch->tables[tlb->batch->nr++] = table;
	if (tlb->batch->nr == MAX_TABLE_BATCH)
		tlb_table_flush(tlb);
}

/* Collecting. */

static void __tlb_reset_range(struct mmu_gather *tlb)
{
	tlb->start = tlb->fullmm ? 0 : TASK_SIZE;
	tlb->end = tlb->fullmm ? TLB_FLUSH_ALL : 0;
	tlb->freed_tables = false;
	tlb->unshared_tables = false;
	tlb->cleared_ptes = false;
	tlb->cleared_pmds = false;
}

static void gather(struct mmu_gather *tlb, struct mm_struct *mm, bool fullmm)
{
	*tlb = (struct mmu_gather){ .mm = mm, .fullmm = fullmm, .pt_reclaim = true };
	__tlb_reset_range(tlb);
	atomic_inc_return(&mm->tlb_flush_pending);
	trace(GATHERING, mm->id, false);
}

void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm)
{
	gather(tlb, mm, false);
}

void tlb_gather_mmu_fullmm(struct mmu_gather *tlb, struct mm_struct *mm)
{
	gather(tlb, mm, true);
}

static void tlb_adjust_range(struct mmu_gather *tlb, u64 addr, unsigned int shift)
{
	u64 start = addr & ~((1ull << shift) - 1);

	if (start < tlb->start)
		tlb->start = start;
	if (start + (1ull << shift) > tlb->end)
		tlb->end = start + (1ull << shift);
}

void tlb_remove_tlb_entry(struct mmu_gather *tlb, u64 addr, unsigned int shift)
{
	tlb_adjust_range(tlb, addr, shift);
	if (shift == PAGE_SHIFT)
		tlb->cleared_ptes = true;
	else
		tlb->cleared_pmds = true;
}

void tlb_free_table(struct mmu_gather *tlb, u64 table, u64 addr, unsigned int shift)
{
	/* One address in the range is enough: it drops the paging-structure caches, too. */
	tlb_adjust_range(tlb, addr, PAGE_SHIFT);
	tlb->freed_tables = true;
	if (shift == PMD_SHIFT)
		tlb->cleared_pmds = true;
	tlb_remove_table(tlb, table);
}

void tlb_unshare_pmd(struct mmu_gather *tlb, u64 table, u64 addr)
{
	struct page *page = phys_to_page(table);

	page->pt_share--;
	tlb->unshared_tables = true;
	if (!page->pt_share)
		tlb->fully_unshared_tables = true;
	/* The huge pages that were mapped through it. */
	tlb_adjust_range(tlb, addr, PUD_SHIFT);
	tlb->cleared_pmds = true;
}

/* Flushing. */

void tlb_flush_mmu_tlbonly(struct mmu_gather *tlb)
{
	if (!(tlb->freed_tables || tlb->unshared_tables || tlb->cleared_ptes || tlb->cleared_pmds))
		return;
	tlb_flush(tlb);
	__tlb_reset_range(tlb);
}

/*
 * The flush is for this mm's hardware translations; the sync for software that is still in
 * the table, which its remaining user may now change, free, or have reused.
 */
void tlb_flush_unshared_tables(struct mmu_gather *tlb)
{
	if (tlb->unshared_tables)
		tlb_flush_mmu_tlbonly(tlb);
	if (tlb->fully_unshared_tables) {
		tlb_remove_table_sync_one(tlb);
		tlb->fully_unshared_tables = false;
	}
}

/* Pages that have no room in the gather itself. */
struct mmu_gather_batch {
	struct mmu_gather_batch *next;
	u64 nr;
	u64 pages[];
};
#define MAX_GATHER_BATCH ((PAGE_SIZE - sizeof(struct mmu_gather_batch)) / sizeof(u64))

static void tlb_batch_pages_flush(struct mmu_gather *tlb)
{
	struct mmu_gather_batch *batch, *next;

	for (unsigned int i = 0; i < tlb->nr; i++)
		put_page(tlb->pages[i]);
	tlb->nr = 0;
	for (batch = tlb->more; batch; batch = next) {
		next = batch->next;
		for (u64 i = 0; i < batch->nr; i++)
			put_page(batch->pages[i]);
		put_page(__pa(batch));
	}
	tlb->more = NULL;
	tlb->batch_count = 0;
}

void tlb_flush_mmu(struct mmu_gather *tlb)
{
	tlb_flush_mmu_tlbonly(tlb);
	tlb_table_flush(tlb);
	tlb_batch_pages_flush(tlb);
}

/* Is there room for one more page, now or in another batch? */
static bool tlb_next_batch(struct mmu_gather *tlb)
{
	struct mmu_gather_batch *batch;

	if (tlb->more && tlb->more->nr < MAX_GATHER_BATCH)
		return true;
	if (tlb->no_batch || tlb->batch_count == MAX_GATHER_BATCH_COUNT)
		return false;
	batch = __va(page_alloc(PAGE_SHIFT));
	batch->next = tlb->more;
	tlb->more = batch;
	tlb->batch_count++;
	return true;
}

bool __tlb_remove_page(struct mmu_gather *tlb, u64 page)
{
	if (tlb->nr < MMU_GATHER_BUNDLE)
		tlb->pages[tlb->nr++] = page;
	else
		tlb->more->pages[tlb->more->nr++] = page;
	return tlb->nr == MMU_GATHER_BUNDLE && !tlb_next_batch(tlb);
}

/*
 * Another one is between clearing entries and flushing. What it has cleared this one did not
 * see, and must not come back without having flushed it: everything, then.
 */
static bool mm_tlb_flush_nested(struct mm_struct *mm)
{
	return READ_ONCE(mm->tlb_flush_pending) > 1;
}

void tlb_finish_mmu(struct mmu_gather *tlb)
{
	if (tlb->fully_unshared_tables)
		panic("tlb_finish_mmu: unshared tables were not synced", tlb->mm->id);
	trace(GATHERING, tlb->mm->id, true);
	if (mm_tlb_flush_nested(tlb->mm)) {
		tlb->fullmm = true;
		__tlb_reset_range(tlb);
		tlb->freed_tables = true;
	}
	tlb_flush_mmu(tlb);
	atomic_dec_return(&tlb->mm->tlb_flush_pending);
}
