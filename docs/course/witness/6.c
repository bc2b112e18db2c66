/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * elsewhere: the last CPU is in a walk of the mm whose page table goes; the others walk another
 * mm, which shares no table with it. A sync for the first mm is no business of theirs.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm, *other;

static void setup(void)
{
	mm = scn_mm_create();
	other = scn_mm_create();
	scn_map(other, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void enter(void)
{
	bool last = scn_cpu() == scn_nr_cpus() - 1;

	scn_switch_mm(scn_cpu() && !last ? other : mm);
}

static void prepare(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void walk(void)
{
	scn_gup(ADDR);
}

static void change(void)
{
	scn_collapse(mm, ADDR, scn_page_alloc(SCN_2M), true);
}

static void restore(void)
{
	scn_zap_huge(mm, ADDR);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.restore = restore,
};

SCENARIO(elsewhere, {
	.name = "elsewhere",
	.title = "collapse a huge page while most walk another mm",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
	.min_cpus = 3,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race),
	.hold = { HOLD_WALKERS_BELOW(30) },
});
