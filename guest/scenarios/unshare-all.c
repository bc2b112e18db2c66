/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unshare-all: what was mapped through a PMD table that an mm no longer shares.
 *
 * A and B share a PMD table with several huge pages, and every CPU has all of A's cached. A stops
 * using the table: one entry goes, and with it the whole GiB. B, whose table it is now, replaces
 * each page, and flushes for itself alone. Teaches that the range of such a flush is what the
 * table maps, and not what one of its entries does.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define SIZE  (1ull << SCN_2M)
#define PAGES 3

static struct mm_struct *mm_a, *mm_b;
static u64 huge[2][PAGES];
static unsigned int mapped; /* which of them B maps */

static void enter(void)
{
	scn_switch_mm(mm_a);
}

static void look(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_access(mm_a, ADDR + i * SIZE, PVTLB_ACCESS_READ);
}

static void map(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_map(mm_b, ADDR + i * SIZE, huge[mapped][i], true, SCN_2M);
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	scn_share_pmd(mm_b, mm_a, ADDR);
	scn_phase(look);
	scn_unshare_pmd(mm_a, ADDR);
	mapped ^= 1;
	map();
	scn_flush(mm_b, ADDR, ADDR + PAGES * SIZE, SCN_2M, false);
	scn_phase(look);
}

static void setup(void)
{
	mm_a = scn_mm_create();
	mm_b = scn_mm_create();
	for (unsigned int i = 0; i < PAGES; i++) {
		huge[0][i] = scn_page_alloc(SCN_2M);
		huge[1][i] = scn_page_alloc(SCN_2M);
	}
	map();
}

SCENARIO(unshare_all, {
	.name = "unshare-all",
	.title = "unshare a PMD table with several huge pages that every CPU has cached",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
