/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preempted-target: a vCPU is preempted, and flushes are for it.
 *
 * The host takes the last vCPU off its CPU when it has just used a page, which CPU 0 then
 * replaces. Whoever leaves a preempted vCPU out of a flush has to see to it that it has nothing
 * stale when it comes back, and that it is not left out of flushes any more: of two pages, one
 * is replaced while it is away and the other when it is back. Teaches what a hypervisor owes a
 * guest for a flush that it was asked to do later.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define PAGES 2

static struct mm_struct *mm;

static void replace(unsigned int i)
{
	scn_map(mm, ADDR + i * 4096, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void replace_and_flush(unsigned int i)
{
	replace(i);
	scn_flush(mm, ADDR + i * 4096, ADDR + (i + 1) * 4096, SCN_4K, false);
}

static void look(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_access(mm, ADDR + i * 4096, PVTLB_ACCESS_READ);
}

static void enter(void)
{
	scn_switch_mm(mm);
	look();
}

/* Held at the write; what was replaced meanwhile it uses at once when it is back. */
static void use(void)
{
	look();
	scn_access(mm, ADDR, PVTLB_ACCESS_WRITE);
	look();
}

/* Asked for twice: the second one must not undo the first. */
static void change(void)
{
	replace_and_flush(0);
	replace_and_flush(0);
}

/* All run, and wait for the next round. */
static void restore(void)
{
	replace_and_flush(1);
}

static const struct scn_race race = {
	.walk = use,
	.change = change,
	.after = look,
	.restore = restore,
};

static void setup(void)
{
	mm = scn_mm_create();
	for (unsigned int i = 0; i < PAGES; i++)
		replace(i);
}

SCENARIO(preempted_target, {
	.name = "preempted-target",
	.title = "flush a vCPU that is preempted, and again when it is back",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race, .rounds = 2),
	.hold = { { .cpus = PVTLB_HOLD_LAST, PVTLB_HOLD_AT(ACCESS, op, PVTLB_ACCESS_WRITE),
		    PVTLB_HOLD_UNTIL_ANY(TRIAL) } },
});
