/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * munmap-vs-gup: the page table that gup_fast is in is unmapped and freed, in three ways.
 *
 * Batches, and single tables with CONFIG_PT_RECLAIM, are freed behind a grace period, which a
 * walk with IRQs off delays by itself: no sync is called, and no key matters. Where there is
 * no memory for a batch, and no CONFIG_PT_RECLAIM, tlb_remove_table_sync_rcu() stands between
 * the flush and the freeing. Teaches which path of munmap the key is about: this one.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << SCN_2M)

static struct mm_struct *mm, *other;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void walk(void)
{
	scn_gup(ADDR);
}

static void change(unsigned int round)
{
	static const enum scn_freeing how[] = { SCN_BATCHED, SCN_ONE_BY_RCU, SCN_ONE_SYNCED };

	scn_munmap(mm, ADDR, ADDR + SIZE, how[round]);
	scn_rcu_barrier();
	scn_map(other, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	scn_munmap(other, ADDR, ADDR + SIZE, SCN_BATCHED);
	scn_rcu_barrier();
}

static const struct scn_race race = {
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
	mm = scn_mm_create();
	other = scn_mm_create();
	scn_map(other, ADDR + SIZE, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void leader(void)
{
	scn_race_lead(&race);
}

static void worker(void)
{
	scn_race_work(&race);
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
