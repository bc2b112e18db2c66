/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swap-table: a page table is replaced under a page that every CPU has cached.
 *
 * The leaf entry is not touched: the entry above it is made to point to another table, in
 * which the page is another one, and after the flush the old table is freed. Teaches that a
 * flush must end what upper levels have led to as well, which is why freed tables ask for
 * wake_lazy_cpus. On a host that write-protects upper levels nothing stale can be seen.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u64 page[2];

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void setup(void)
{
	mm = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	scn_map(mm, ADDR, page[0], true, SCN_4K);
}

static void trial(unsigned int nr)
{
	u64 old_table;

	scn_step(nr, 0);
	scn_phase(look);
	old_table = scn_swap_table(mm, ADDR, page[(nr + 1) % 2], true);
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, true);
	scn_phase(look);
	scn_table_free(old_table);
}

SCENARIO(swap_table, {
	.name = "swap-table",
	.title = "replace the page table above a page that every CPU has cached",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_DELIVERED | PVTLB_CLAIM_SAFE,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
