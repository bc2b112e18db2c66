/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unshare-vs-gup: a PMD table that two mm's shared becomes the other one's alone.
 *
 * Workers walk mm A and are stopped with the pointer to the shared table loaded. CPU 0 makes A
 * stop using it; B, now the only user, maps something else through it. A walk of A that goes
 * on there gets a reference on B's page, and its re-check finds nothing wrong: the entry it
 * read is still what it was (CVE-2025-38085). Teaches that unsharing is as bad as freeing.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm_a, *mm_b;
static u64 huge[2];
static unsigned int mapped; /* which of them B maps */

static void enter(void)
{
	scn_switch_mm(mm_a);
}

static void prepare(void)
{
	scn_share_pmd(mm_b, mm_a, ADDR);
}

static void walk(void)
{
	scn_gup(ADDR);
}

static void change(void)
{
	scn_unshare_pmd(mm_a, ADDR);
	mapped ^= 1;
	scn_map(mm_b, ADDR, huge[mapped], true, SCN_2M);
	scn_flush(mm_b, ADDR, ADDR + (1ull << SCN_2M), SCN_2M, false);
}

static void look(void)
{
	scn_access(mm_a, ADDR, PVTLB_ACCESS_READ);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
};

static void setup(void)
{
	mm_a = scn_mm_create();
	mm_b = scn_mm_create();
	huge[0] = scn_page_alloc(SCN_2M);
	huge[1] = scn_page_alloc(SCN_2M);
	scn_map(mm_b, ADDR, huge[0], true, SCN_2M);
}

SCENARIO(unshare_vs_gup, {
	.name = "unshare-vs-gup",
	.title = "unshare a hugetlb PMD table under gup_fast; the other mm changes it",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race),
	.hold = { HOLD_WALKERS_BELOW(39) },
});
