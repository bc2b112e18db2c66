/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * collapse-vs-gup: khugepaged takes a page table that gup_fast is in.
 *
 * Every worker is stopped in the middle of a gup_fast walk: it has loaded the pointer to a page
 * table, IRQs are off. CPU 0 unhooks that table, flushes, syncs, and deposits it under a huge
 * page, which is then unmapped; the table is freed, at once, and becomes another mm's. Teaches
 * why a flush is not enough: what has to be got rid of is not in any TLB, but in a register.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define PAGES 4

static struct mm_struct *mm, *other;
static u64 huge, secret;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_map(mm, ADDR + i * 4096, scn_page_alloc(SCN_4K), true, SCN_4K);
	huge = scn_page_alloc(SCN_2M);
	secret = scn_page_alloc(SCN_4K);
}

static void walk(void)
{
	scn_gup(ADDR);
}

static void change(unsigned int round)
{
	(void)round;
	scn_collapse(mm, ADDR, huge, true);
	scn_zap_huge(mm, ADDR);
	/* Last freed, first handed out: the table is this one's now. */
	scn_map(other, ADDR, secret, true, SCN_4K);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	scn_munmap(other, ADDR, ADDR + (1ull << SCN_2M), SCN_BATCHED);
	scn_rcu_barrier();
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
	other = scn_mm_create();
	/* So that only the lowest table is missing later. */
	scn_map(other, ADDR + (1ull << SCN_2M), scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void leader(void)
{
	scn_race_lead(&race);
}

static void worker(void)
{
	scn_race_work(&race);
}

SCENARIO(collapse_vs_gup, {
	.name = "collapse-vs-gup",
	.title = "collapse a huge page under gup_fast; its page table is used again",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
	.hold = { HOLD_WALKERS_BELOW(30) },
});
