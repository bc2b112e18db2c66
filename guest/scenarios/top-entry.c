/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top-entry: unmapping all that one entry of the topmost table maps.
 *
 * The range is 512 GiB, so that the highest table below the pgd goes, too. An mm has two pgds here,
 * as with page-table isolation, and CPUs walk from one or the other: the entry has to be cleared in
 * both before the flush, or who walks from the other one comes to a table that is freed. Teaches
 * that a place in the page tables may be more than one entry in memory.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << 39)

static struct mm_struct *mm;

static void setup(void)
{
	mm = scn_mm_create();
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void trial(unsigned int nr)
{
	static const enum scn_freeing how[] = { SCN_BATCHED, SCN_ONE_BY_RCU, SCN_ONE_SYNCED };

	for (unsigned int i = 0; i < ARRAY_SIZE(how); i++) {
		scn_step(nr, i);
		scn_fault(mm, ADDR);
		scn_phase(look);
		scn_munmap(mm, ADDR, ADDR + SIZE, how[i]);
		scn_phase(look);
		scn_rcu_barrier();
	}
}

SCENARIO(top_entry, {
			    .name = "top-entry",
			    .title = "unmap 512 GiB: an entry that is in both of an mm's pgds",
			    .flags = PVTLB_CLAIMS,
			    .program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
		    });
