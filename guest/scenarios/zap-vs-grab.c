/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * zap-vs-grab: a page is unmapped, and another mm's, under gup_fast that is about to take it.
 *
 * Every worker has read the page's entry, and is held with it before it takes a reference. CPU 0
 * unmaps the page, flushes and gives it back; another mm gets the same one in the same breath. The
 * table stays where it is, so that the entry above tells the walker nothing: it has to look again
 * at the entry itself. Teaches what makes gup_fast safe for pages: not the flush, which a
 * hypervisor may do while the walker is held, but the second look, with the reference in hand.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm, *other;

static void setup(void)
{
	mm = scn_mm_create();
	other = scn_mm_create();
	/* So that no table is missing later, and the next page allocated is the one just freed. */
	scn_fault(other, ADDR);
	scn_zap(other, ADDR, ADDR + 4096);
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	scn_fault(mm, ADDR);
}

static void walk(void)
{
	scn_gup(ADDR);
}

static void change(void)
{
	scn_zap(mm, ADDR, ADDR + 4096);
	scn_fault(other, ADDR);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	scn_zap(other, ADDR, ADDR + 4096);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

SCENARIO(zap_vs_grab, {
	.name = "zap-vs-grab",
	.title = "unmap a page under gup_fast that is about to take it; it is used again",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race),
	.hold = { HOLD_WALKERS_BELOW(21) },
});
