/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trim: CPUs that have left an mm, and the bits they leave behind.
 *
 * All but the last worker leave the mm, and stay in its mask. A flush passes them by, and
 * leaves their bits; about once a second one interrupts them to have the bits cleared, and the
 * flush after that does not ask about them any more. Teaches why mm_cpumask is a superset, and
 * that somebody has to pay for its upkeep. A flush by hypercall interrupts nobody: there the
 * bits stay, and CPUs are flushed for nothing.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u64 page[2];
static unsigned int mapped;
static u32 over;

static void enter(void)
{
	scn_switch_mm(mm);
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
	if (scn_cpu() && scn_cpu() != scn_nr_cpus() - 1)
		scn_leave_mm();
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void change(void)
{
	mapped ^= 1;
	scn_map(mm, ADDR, page[mapped], true, SCN_4K);
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
	scn_phase(look);
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
	for (unsigned int trial = 0; trial < scn_trials(); trial++) {
		scn_step(trial, 0);
		scn_phase(enter);
		change();
		scn_step(trial, 1);
		scn_trim_due(mm);
		change();
		scn_step(trial, 2);
		change();
	}
	WRITE_ONCE(over, 1);
	scn_release();
	scn_gather();
}

static void worker(void)
{
	for (unsigned int nr = 0;; nr++) {
		scn_wait_release();
		if (READ_ONCE(over))
			break;
		if (nr % 4)
			look();
		else
			enter();
		scn_arrive();
	}
	scn_arrive();
}

SCENARIO(trim, {
	.name = "trim",
	.title = "CPUs that have left an mm are asked, now and then, to clear their bits",
	.flags = PVTLB_CLAIMS,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
});
