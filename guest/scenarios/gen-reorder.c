/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gen-reorder: a partial flush overtakes a full one.
 *
 * CPU 0 has changed one page and bumped the generation for a flush of everything; there it is
 * held. CPU 1 changes another page, and its flush of that page alone, one generation on, is
 * everywhere first. A CPU that did just that and took the newer generation for its own would
 * skip the full flush when it arrives. Teaches the rule in flush_tlb_func(): a range is
 * enough only for the very next generation, and only if there is no later one.
 */
#include <scenario.h>

#define PAGE_X 0x100000000000ull /* CPU 0's */
#define PAGE_Y 0x100000001000ull /* CPU 1's */

static struct mm_struct *mm;
static u64 page[2];
static unsigned int mapped;
static u32 ready, flushed;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	scn_access(mm, PAGE_X, PVTLB_ACCESS_READ);
	scn_access(mm, PAGE_Y, PVTLB_ACCESS_READ);
}

static void prepare(void)
{
	WRITE_ONCE(ready, 0);
	WRITE_ONCE(flushed, 0);
	look();
}

static void walk(void)
{
	look();
	atomic_fetch_add(&ready, 1);
	if (scn_cpu() != 1)
		return;
	while (!scn_held(0) && !READ_ONCE(flushed))
		scn_relax();
	scn_map(mm, PAGE_Y, page[mapped ^ 1], true, SCN_4K);
	scn_flush(mm, PAGE_Y, PAGE_Y + 4096, SCN_4K, false);
}

static void change(void)
{
	/* All are awake: an interrupt that wakes one must not look like one that flushes. */
	scn_spin_until(&ready, scn_nr_cpus() - 1);
	scn_map(mm, PAGE_X, page[mapped ^ 1], true, SCN_4K);
	scn_flush(mm, 0, 0, SCN_4K, false);
	WRITE_ONCE(flushed, 1);
}

static void restore(void)
{
	mapped ^= 1;
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

static void setup(void)
{
	mm = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	scn_map(mm, PAGE_X, page[0], true, SCN_4K);
	scn_map(mm, PAGE_Y, page[0], true, SCN_4K);
}

SCENARIO(gen_reorder, {
	.name = "gen-reorder",
	.title = "a flush of one page overtakes a flush of everything",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race),
	.hold = { { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT_ANY(FLUSH_BEGIN),
		    PVTLB_HOLD_UNTIL_ANY(FLUSH_END) } },
});
