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
#include <seam.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u64 page[2];
static unsigned int mapped;
static u32 over;

static void enter(void)
{
	seam_switch_mm(mm);
	seam_access(mm, ADDR, PVTLB_ACCESS_READ);
	if (seam_cpu() && seam_cpu() != seam_nr_cpus() - 1)
		seam_leave_mm();
}

static void look(void)
{
	seam_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void change(void)
{
	mapped ^= 1;
	seam_map(mm, ADDR, page[mapped], true, SEAM_4K);
	seam_flush(mm, ADDR, ADDR + 4096, SEAM_4K, false);
	seam_phase(look);
}

static void setup(void)
{
	mm = seam_mm_create();
	page[0] = seam_page_alloc(SEAM_4K);
	page[1] = seam_page_alloc(SEAM_4K);
	seam_map(mm, ADDR, page[0], true, SEAM_4K);
}

static void leader(void)
{
	for (unsigned int trial = 0; trial < seam_trials(); trial++) {
		seam_step(trial, 0);
		seam_phase(enter);
		change();
		seam_step(trial, 1);
		seam_trim_due(mm);
		change();
		seam_step(trial, 2);
		change();
	}
	WRITE_ONCE(over, 1);
	seam_release();
	seam_gather();
}

static void worker(void)
{
	for (unsigned int nr = 0;; nr++) {
		seam_wait_release();
		if (READ_ONCE(over))
			break;
		if (nr % 4)
			look();
		else
			enter();
		seam_arrive();
	}
	seam_arrive();
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
