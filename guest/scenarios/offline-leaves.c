/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * offline-leaves: a table is freed while a CPU that goes offline is about to unload the mm.
 *
 * The last CPU is held before it leaves the mm, and CPU 0 unmaps and frees a page table: CR3 has
 * the mm still, so the CPU may walk through it, and is to be told. Teaches why its bits are taken
 * out of masks when it has left, and not before.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << SCN_2M)

static struct mm_struct *mm;

static void look(void)
{
	scn_switch_mm(mm);
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static unsigned int last(void)
{
	return scn_nr_possible_cpus() - 1;
}

static void leave(void)
{
	if (scn_cpu() == last())
		scn_cpu_down();
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	scn_fault(mm, ADDR);
	scn_phase(look);
	scn_release(leave);
	scn_wait_held();
	scn_munmap(mm, ADDR, ADDR + SIZE, SCN_BATCHED);
	scn_step(nr, 1);
	scn_wait_cpu_down(last());
	scn_rcu_barrier();
	scn_cpu_up(last());
	scn_gather();
	scn_phase(look);
}

static void setup(void)
{
	mm = scn_mm_create();
}

SCENARIO(offline_leaves,
	 {
		 .name = "offline-leaves",
		 .title = "free a page table while a CPU that goes offline has the mm still",
		 .flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
		 .program = SCN_PROGRAM(.setup = setup, .trial = trial),
		 .hold = { { .cpus = PVTLB_HOLD_LAST,
			     PVTLB_HOLD_AT(SWITCH_BEGIN, mm, 0),
			     PVTLB_HOLD_UNTIL(TRIAL, step, 1) } },
	 });
