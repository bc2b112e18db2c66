/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * munmap-vs-gup: the page table that gup_fast is in is unmapped and freed, in three ways.
 *
 * Batches, and single tables with CONFIG_PT_RECLAIM, are freed behind a grace period, which a
 * walk with IRQs off delays by itself: no sync is called, and no key matters. Where there is
 * no memory for a batch, and no CONFIG_PT_RECLAIM, tlb_remove_table_sync_rcu() stands between
 * the flush and the freeing. Teaches which path of munmap the key is about: this one.
 */
#include <seam.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << SEAM_2M)

static struct mm_struct *mm, *other;

static void enter(void)
{
	seam_switch_mm(mm);
}

static void prepare(void)
{
	seam_map(mm, ADDR, seam_page_alloc(SEAM_4K), true, SEAM_4K);
}

static void walk(void)
{
	seam_gup(ADDR);
}

static void change(unsigned int round)
{
	static const enum seam_freeing how[] = { SEAM_BATCHED, SEAM_ONE_BY_RCU, SEAM_ONE_SYNCED };

	seam_munmap(mm, ADDR, ADDR + SIZE, how[round]);
	seam_rcu_barrier();
	seam_map(other, ADDR, seam_page_alloc(SEAM_4K), true, SEAM_4K);
}

static void look(void)
{
	seam_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	seam_munmap(other, ADDR, ADDR + SIZE, SEAM_BATCHED);
	seam_rcu_barrier();
}

static const struct seam_race race = {
	.rounds = 3,
	.enter = enter,
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

static void setup(void)
{
	mm = seam_mm_create();
	other = seam_mm_create();
	seam_map(other, ADDR + SIZE, seam_page_alloc(SEAM_4K), true, SEAM_4K);
}

static void leader(void)
{
	seam_race_lead(&race);
}

static void worker(void)
{
	seam_race_work(&race);
}

SCENARIO(munmap_vs_gup, {
	.name = "munmap-vs-gup",
	.title = "free a page table under gup_fast: batched, alone by RCU, alone after a sync",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
	.hold = { HOLD_WALKERS_BELOW(30) },
});
