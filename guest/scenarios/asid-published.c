/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * asid-published: a flush of an mm whose global ASID has just come to be seen.
 *
 * CPU 0 has given the mm a global ASID and is held; nobody has adopted it yet, and what all CPUs
 * have cached is under ASIDs of their own. CPU 1 unmaps a page: INVLPGB does not reach what they
 * have, so it has to interrupt them as well. It does if the mm is in transition before it has
 * the ASID. Teaches the order in consider_global_asid(). Where there are no global ASIDs, nobody is
 * held, and CPU 1 flushes as it always does.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u32 flushed;

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void come(void)
{
	scn_switch_mm(mm);
	look();
}

/* An mm that has no global ASID yet. */
static void prepare(void)
{
	mm = scn_mm_create();
	scn_fault(mm, ADDR);
	WRITE_ONCE(flushed, 0);
	scn_phase(come);
}

static void walk(void)
{
	if (scn_cpu() != 1)
		return;
	while (!scn_held(0) && !READ_ONCE(flushed))
		scn_relax();
	scn_zap(mm, ADDR, ADDR + 4096);
	look();
}

static void change(void)
{
	scn_flush(mm, 0, 0, SCN_4K, false);
	WRITE_ONCE(flushed, 1);
}

static void leave(void)
{
	scn_switch_mm(NULL);
}

static void restore(void)
{
	scn_phase(leave);
	scn_mm_destroy(mm);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

SCENARIO(asid_published, {
				 .name = "asid-published",
				 .title = "flush an mm whose global ASID no CPU has adopted",
				 .flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
				 .program = SCN_PROGRAM(.race = &race),
				 .hold = { { .cpus = PVTLB_HOLD_LEADER,
					     PVTLB_HOLD_AT_ANY(GLOBAL_ASID),
					     PVTLB_HOLD_UNTIL(RETURNS, call, PVTLB_MM_ZAP) } },
			 });
