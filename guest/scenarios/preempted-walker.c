/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preempted-walker: one vCPU is preempted in the middle of gup_fast, the others run.
 *
 * The host takes the last vCPU off its CPU just when it has loaded the pointer to a page table.
 * To the guest it looks as if it ran. A flush by IPI waits until it is back; a flush that the
 * hypervisor does, or one that leaves preempted vCPUs out, does not, and the walk goes on
 * wherever it was when the vCPU comes back. Teaches why "only running vCPUs can be walking"
 * is the wrong argument: the one that is not running is in a walk.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u64 huge;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
	huge = scn_page_alloc(SCN_2M);
}

/* The others have the mm loaded and do nothing. */
static void walk(void)
{
	if (scn_cpu() == scn_nr_cpus() - 1)
		scn_gup(ADDR);
}

static void change(unsigned int round)
{
	(void)round;
	scn_collapse(mm, ADDR, huge, true);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	scn_zap_huge(mm, ADDR);
}

static const struct scn_race race = {
	.enter = enter,
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

static void setup(void)
{
	mm = scn_mm_create();
}

static void leader(void)
{
	scn_race_lead(&race);
}

static void worker(void)
{
	scn_race_work(&race);
}

SCENARIO(preempted_walker, {
	.name = "preempted-walker",
	.title = "collapse a huge page while one vCPU is preempted in gup_fast",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
	.hold = { HOLD_WALKER_BELOW(PVTLB_HOLD_LAST, 30) },
});
