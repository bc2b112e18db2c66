/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ceiling: the number of pages at which a flush of a range becomes a flush of everything.
 *
 * tlb_single_page_flush_ceiling is 33: so many pages are flushed one by one, one more and it
 * is all of them, also those that nobody asked for. Each flush is of pages that every CPU has
 * cached, some of which lie beyond the range and stay what they were. Teaches that a range is
 * a hint, and that what a CPU has to have flushed is the same either way.
 */
#include <scenario.h>

#define ADDR	0x100000000000ull
#define CEILING 33
#define PAGES	(CEILING + 2)

static struct mm_struct *mm;
static u64 page[2];
static unsigned int mapped;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_access(mm, ADDR + i * 4096, PVTLB_ACCESS_READ);
}

static void flush(unsigned int pages)
{
	mapped ^= 1;
	for (unsigned int i = 0; i < pages; i++)
		scn_map(mm, ADDR + i * 4096, page[mapped], true, SCN_4K);
	scn_flush(mm, ADDR, ADDR + pages * 4096, SCN_4K, false);
}

static void trial(unsigned int nr)
{
	static const unsigned int pages[] = { CEILING - 1, CEILING, CEILING + 1 };

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		scn_step(nr, i);
		scn_phase(look);
		flush(pages[i]);
		scn_phase(look);
	}
}

static void setup(void)
{
	mm = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	for (unsigned int i = 0; i < PAGES; i++)
		scn_map(mm, ADDR + i * 4096, page[0], true, SCN_4K);
}

SCENARIO(ceiling, {
	.name = "ceiling",
	.title = "flush 32, 33 and 34 pages: one by one up to the ceiling, then everything",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
