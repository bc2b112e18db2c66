/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * two-mms: whom a flush is for.
 *
 * All CPUs touch a page of mm A, then every other worker switches to mm B, and CPU 0 changes and
 * flushes the page. Their bits are still in A's mm_cpumask, but A is not loaded there: native
 * does not interrupt them, a hypercall flushes them for nothing. Back in A everybody must see
 * the new page. Each trial makes its mm's anew.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm_a, *mm_b;
static u64 page_old, page_new;

static void look(void)
{
	scn_access(mm_a, ADDR, PVTLB_ACCESS_READ);
}

/* The last CPU stays in A: injected faults are about it. */
static bool leaves(void)
{
	return scn_cpu() && (scn_nr_cpus() - scn_cpu()) % 2 == 0;
}

static void enter(void)
{
	scn_switch_mm(mm_a);
	look();
	if (leaves())
		scn_switch_mm(mm_b);
}

static void back(void)
{
	scn_switch_mm(mm_a);
	look();
}

static void leave(void)
{
	scn_switch_mm(NULL);
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	mm_a = scn_mm_create();
	mm_b = scn_mm_create();
	scn_map(mm_a, ADDR, page_old, false, SCN_4K);
	scn_phase(enter);
	scn_map(mm_a, ADDR, page_new, false, SCN_4K);
	scn_flush(mm_a, ADDR, ADDR + 4096, SCN_4K, false);
	scn_phase(back);
	scn_phase(leave);
	scn_mm_destroy(mm_a);
	scn_mm_destroy(mm_b);
}

static void setup(void)
{
	page_old = scn_page_alloc(SCN_4K);
	page_new = scn_page_alloc(SCN_4K);
}

SCENARIO(two_mms, {
	.name = "two-mms",
	.title = "flush an mm that half of the CPUs have switched away from",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_DELIVERED | PVTLB_CLAIM_SAFE,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.setup = setup, .trial = trial),
});
