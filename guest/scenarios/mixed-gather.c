/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mixed-gather: small pages and a large one are unmapped in one go.
 *
 * A flush of a range goes by the page size: page by page, or in steps of 2 MiB. A gather that has
 * cleared both has to step by the smaller one. By the larger one the range is but two steps, few
 * enough to be gone through one by one, and all small pages but the first stay cached. Teaches
 * what tlb_get_unmap_shift() must answer.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define SIZE  (1ull << SCN_2M)
#define PAGES 4

static struct mm_struct *mm;

static u64 small(unsigned int i)
{
	return ADDR + i * 3 * 4096;
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_access(mm, small(i), PVTLB_ACCESS_READ);
	scn_access(mm, ADDR + SIZE, PVTLB_ACCESS_READ);
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	for (unsigned int i = 0; i < PAGES; i++)
		scn_fault(mm, small(i));
	scn_map(mm, ADDR + SIZE, scn_page_alloc(SCN_2M), true, SCN_2M);
	scn_phase(look);
	scn_zap(mm, ADDR, ADDR + 2 * SIZE);
	scn_phase(look);
}

static void setup(void)
{
	mm = scn_mm_create();
}

SCENARIO(mixed_gather, {
	.name = "mixed-gather",
	.title = "unmap small pages and a large one in one go",
	.flags = PVTLB_CLAIMS,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
