/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unshare3-*: a PMD table that three mm's shared becomes the third one's alone.
 *
 * A stops using it first, and no sync is due: two are left that may not change it. C is next,
 * and B has it to itself: the sync is of C's gather, but it has to be for walkers of A as well,
 * which have the pointer since before A let go. The variants are in where C is loaded, and so
 * in how C's own flush is delivered. Teaches that a sync is for a table, not for an mm, and
 * that what C's flush interrupts says nothing of A's walkers.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

enum where {
	NOWHERE, /* C's flush has nobody to reach */
	HERE,	 /* on CPU 0, which does it: a local flush */
	THERE,	 /* on the last CPU, which is in a walk of C */
};

static struct mm_struct *mm_a, *mm_b, *mm_c;
static u64 huge[2];
static unsigned int mapped; /* which of them B maps */

static enum where where_c_is(void)
{
	return *(const enum where *)scn_variant();
}

static void enter(void)
{
	bool last = scn_cpu() && scn_cpu() == scn_nr_cpus() - 1;

	scn_switch_mm(where_c_is() == THERE && last ? mm_c : mm_a);
}

static void prepare(void)
{
	scn_share_pmd(mm_b, mm_a, ADDR);
	scn_share_pmd(mm_b, mm_c, ADDR);
}

static void walk(void)
{
	scn_gup(ADDR);
}

static void change(void)
{
	scn_unshare_pmd(mm_a, ADDR);
	if (where_c_is() == HERE)
		scn_switch_mm(mm_c);
	scn_unshare_pmd(mm_c, ADDR);
	mapped ^= 1;
	scn_map(mm_b, ADDR, huge[mapped], true, SCN_2M);
	scn_flush(mm_b, ADDR, ADDR + (1ull << SCN_2M), SCN_2M, false);
	if (where_c_is() == HERE)
		scn_switch_mm(mm_a);
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
	mm_c = scn_mm_create();
	huge[0] = scn_page_alloc(SCN_2M);
	huge[1] = scn_page_alloc(SCN_2M);
	scn_map(mm_b, ADDR, huge[0], true, SCN_2M);
}

#define UNSHARE_THREE(is, suffix, cpus, text)                                                   \
	SCENARIO(unshare_three_##is, {                                                          \
		.name = "unshare3-" suffix,                                                        \
		.title = "two of three mm's unshare a PMD table under gup_fast; the last one is " text, \
		.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,                                      \
		.min_cpus = (cpus),                                                                \
		.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race,              \
				       .variant = &(const enum where){ is }),                   \
		.hold = { HOLD_WALKERS_BELOW(39) },                                                \
	})

UNSHARE_THREE(NOWHERE, "nowhere", 2, "loaded nowhere");
UNSHARE_THREE(HERE, "here", 2, "loaded here");
UNSHARE_THREE(THERE, "there", 3, "walked, too");
