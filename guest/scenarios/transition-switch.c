/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * transition-switch: an mm gets its global ASID while a CPU is switching to it.
 *
 * All CPUs have used the mm and left it for another. Its first flush begins its transition, and
 * there CPU 0 is held: the ASID is not to be seen yet. CPU 1 comes back, chooses one of its own
 * ASIDs and is held with that, about to load CR3. The second flush goes by INVLPGB, which does not
 * reach what CPU 1 is going to cache. No CPU has the mm loaded under an ASID of its own, but CPU 1
 * will: not before it is through is that known, and then it takes an interrupt. Teaches why
 * all_have_adopted() waits for who switches. Where there are no global ASIDs the first flush comes
 * before the switch, and the second one meets it.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm, *elsewhere;
static u32 flushed;

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void come(void)
{
	scn_switch_mm(mm);
	look();
	scn_switch_mm(elsewhere);
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
	scn_switch_mm(mm);
	look();
}

static void change(void)
{
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
	WRITE_ONCE(flushed, 1);
	scn_zap(mm, ADDR, ADDR + 4096);
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

static void setup(void)
{
	elsewhere = scn_mm_create();
}

SCENARIO(transition_switch, {
	.name = "transition-switch",
	.title = "flush an mm that gets a global ASID while a CPU switches to it",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .race = &race),
	.hold = { { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT(ASID, transition, true),
		    PVTLB_HOLD_UNTIL_ANY(CR3) },
		  { .cpus = PVTLB_HOLD_FIRST, PVTLB_HOLD_AT_ANY(CR3),
		    PVTLB_HOLD_UNTIL(RETURNS, call, PVTLB_MM_ZAP) } },
});
