/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * asid-transition: flushes of an mm that is moving to a global ASID.
 *
 * Some workers are lazy in the mm, some have switched away, and a plain flush passes them by.
 * While the mm is in transition nobody's state says under which ASID it has cached what, and
 * the same flush has to interrupt every CPU in the mask. Where the CPU has no INVLPGB there
 * are no global ASIDs, and nothing changes. Teaches the second half of the condition in
 * native_flush_tlb_multi(). It takes 3 CPUs to show that; with 2 there is only the last one.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm, *elsewhere;
static u64 page[2];
static unsigned int mapped;

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void enter(void)
{
	scn_switch_mm(mm);
	look();
	/* The last CPU stays as it is, and is a target either way. */
	if (!scn_cpu() || scn_cpu() == scn_nr_cpus() - 1)
		return;
	if (scn_cpu() % 2)
		scn_enter_lazy();
	else
		scn_switch_mm(elsewhere);
}

static void back(void)
{
	scn_switch_mm(mm);
	look();
}

static void flush(void)
{
	mapped ^= 1;
	scn_map(mm, ADDR, page[mapped], true, SCN_4K);
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
}

static void trial(unsigned int nr)
{
	for (unsigned int transition = 0; transition < 2; transition++) {
		scn_step(nr, transition);
		scn_phase(enter);
		if (transition)
			scn_asid_transition(mm, true);
		flush();
		if (transition)
			scn_asid_transition(mm, false);
		scn_phase(back);
	}
}

static void setup(void)
{
	mm = scn_mm_create();
	elsewhere = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	scn_map(mm, ADDR, page[0], true, SCN_4K);
}

SCENARIO(asid_transition, {
	.name = "asid-transition",
	.title = "flush an mm that is in transition to a global ASID, and one that is not",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .trial = trial),
});
