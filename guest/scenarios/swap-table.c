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
static u32 over;

static void load(void)
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

static void leader(void)
{
	scn_phase(load);
	for (unsigned int i = 0; i < scn_trials(); i++) {
		u64 old_table;

		scn_step(i, 0);
		scn_phase(look);
		old_table = scn_swap_table(mm, ADDR, page[(i + 1) % 2], true);
		scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, true);
		scn_phase(look);
		scn_table_free(old_table);
	}
	WRITE_ONCE(over, 1);
	scn_release();
	scn_gather();
}

static void worker(void)
{
	scn_wait_release();
	load();
	scn_arrive();
	for (;;) {
		scn_wait_release();
		if (READ_ONCE(over))
			break;
		look();
		scn_arrive();
	}
	scn_arrive();
}

SCENARIO(swap_table, {
	.name = "swap-table",
	.title = "replace the page table above a page that every CPU has cached",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_DELIVERED | PVTLB_CLAIM_SAFE,
	.min_cpus = 1,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
});
