/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ceiling: the number of pages at which a flush of a range becomes a flush of everything.
 *
 * tlb_single_page_flush_ceiling is 33: so many pages are flushed one by one, one more and it
 * is all of them, also those that nobody asked for. Each flush is of pages that every CPU has
 * cached, some of which lie beyond the range and stay what they were. Teaches that a range is
 * a hint, and that what a CPU has to have flushed is the same either way.
 */
#include <seam.h>

#define ADDR	0x100000000000ull
#define CEILING 33
#define PAGES	(CEILING + 2)

static struct mm_struct *mm;
static u64 page[2];
static unsigned int mapped;
static u32 over;

static void enter(void)
{
	seam_switch_mm(mm);
}

static void look(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		seam_access(mm, ADDR + i * 4096, PVTLB_ACCESS_READ);
}

static void flush(unsigned int pages)
{
	mapped ^= 1;
	for (unsigned int i = 0; i < pages; i++)
		seam_map(mm, ADDR + i * 4096, page[mapped], true, SEAM_4K);
	seam_flush(mm, ADDR, ADDR + pages * 4096, SEAM_4K, false);
}

static void trial(unsigned int nr)
{
	static const unsigned int pages[] = { CEILING - 1, CEILING, CEILING + 1 };

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		seam_step(nr, i);
		seam_phase(look);
		flush(pages[i]);
		seam_phase(look);
	}
}

static void setup(void)
{
	mm = seam_mm_create();
	page[0] = seam_page_alloc(SEAM_4K);
	page[1] = seam_page_alloc(SEAM_4K);
	for (unsigned int i = 0; i < PAGES; i++)
		seam_map(mm, ADDR + i * 4096, page[0], true, SEAM_4K);
}

static void leader(void)
{
	seam_phase(enter);
	for (unsigned int i = 0; i < seam_trials(); i++)
		trial(i);
	WRITE_ONCE(over, 1);
	seam_release();
	seam_gather();
}

static void worker(void)
{
	seam_wait_release();
	enter();
	seam_arrive();
	for (;;) {
		seam_wait_release();
		if (READ_ONCE(over))
			break;
		look();
		seam_arrive();
	}
	seam_arrive();
}

SCENARIO(ceiling, {
	.name = "ceiling",
	.title = "flush 32, 33 and 34 pages: one by one up to the ceiling, then everything",
	.flags = PVTLB_CLAIMS,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
});
