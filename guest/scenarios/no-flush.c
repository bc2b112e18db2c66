/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * no-flush: tlb_remove_table_sync_one() is called, and nothing was flushed before.
 *
 * The key says what flushes imply; that there was one, nothing proves. With the key on the
 * sync is skipped on the strength of a flush that never was, and walkers are in the table
 * when it is deposited. The flush is missing for the hardware as well, whatever the key
 * says: so this is a control everywhere, and what differs is what goes wrong. The objection
 * that was raised against the series.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u64 huge;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
	huge = scn_page_alloc(SCN_2M);
}

static void walk(void)
{
	scn_gup(ADDR);
}

static void change(unsigned int round)
{
	(void)round;
	scn_collapse(mm, ADDR, huge, false);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	scn_zap_huge(mm, ADDR);
}

static const struct scn_race race = {
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
}

static void leader(void)
{
	scn_race_lead(&race);
}

static void worker(void)
{
	scn_race_work(&race);
}

SCENARIO(no_flush, {
	.name = "no-flush",
	.title = "collapse a huge page under gup_fast without any flush before the sync",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS | PVTLB_SCENARIO_CONTROL,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
	.hold = { HOLD_WALKERS_BELOW(30) },
});
