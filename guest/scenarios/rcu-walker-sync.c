/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rcu-walker-sync: the same walker, and tlb_remove_table_sync_rcu() with its early return.
 *
 * Without CONFIG_PT_RECLAIM and without memory for a batch a table is freed right behind that
 * sync. The seed makes it return early where flushes interrupt every CPU, and an interrupt is
 * not a grace period: the walker is back from it before the table is freed, and goes on. So
 * wherever the key is on, native included, this is a control: a violation is expected. On x86
 * CONFIG_PT_RECLAIM is not an option one can turn off, and then nobody calls that sync.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << SCN_2M)

static struct mm_struct *mm;

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
	scn_rcu_walk(ADDR);
}

static void change(unsigned int round)
{
	(void)round;
	/* Nobody takes the table over: what is read there is the poison of freed ones. */
	scn_munmap(mm, ADDR, ADDR + SIZE, SCN_ONE_SYNCED);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static const struct scn_race race = {
	.enter = enter,
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
};

static void setup(void)
{
	mm = scn_mm_create();
}

static void leader(void)
{
	scn_race_lead(&race);
}

static void worker(void)
{
	scn_race_work(&race);
}

SCENARIO(rcu_walker_sync, {
	.name = "rcu-walker-sync",
	.title = "as rcu-walker, freed after tlb_remove_table_sync_rcu(): needs it not skipped",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS | PVTLB_SCENARIO_NEEDS_SYNC,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
	.hold = { HOLD_WALKERS_BELOW(30), HOLD_AGAIN_BELOW(30) },
});
