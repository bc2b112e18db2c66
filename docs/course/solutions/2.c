/* SPDX-License-Identifier: GPL-2.0-only */
/* exercise: small pages and a large one are unmapped in one go. */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define SIZE  (1ull << SCN_2M)
#define PAGES 4

static struct mm_struct *mm;

static u64 page(unsigned int i)
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
		scn_access(mm, page(i), PVTLB_ACCESS_READ);
	scn_access(mm, ADDR + SIZE, PVTLB_ACCESS_READ);
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	for (unsigned int i = 0; i < PAGES; i++)
		scn_fault(mm, page(i));
	scn_map(mm, ADDR + SIZE, scn_page_alloc(SCN_2M), true, SCN_2M);
	scn_phase(look);
	scn_zap(mm, ADDR, ADDR + 2 * SIZE);
	scn_phase(look);
}

static void setup(void)
{
	mm = scn_mm_create();
}

SCENARIO(exercise, {
	.name = "exercise",
	.title = "exercise 2",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
