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

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(enter);
	change();
	scn_step(nr, 1);
	scn_trim_due(mm);
	change();
	scn_step(nr, 2);
	change();
}

SCENARIO(trim, {
	.name = "trim",
	.title = "CPUs that have left an mm are asked, now and then, to clear their bits",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .trial = trial),
});
