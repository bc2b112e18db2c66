/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preempted-resume: a flush meets a vCPU that its host is just letting go on.
 *
 * The last vCPU has a page cached and is preempted. CPU 0 replaces the page, and the host lets the
 * vCPU go on: it looks whether it was left word to flush, and takes back that it is preempted.
 * Meanwhile CPU 0 flushes; a little later in each round, so that one flush or another comes
 * between the two, if anything can. Teaches why a host does both in one exchange: word that is
 * left after the look, and overwritten, nobody ever reads. On other backends it is a flush like
 * any other.
 */
#include <scenario.h>

#define ADDR   0x100000000000ull
#define ROUNDS 8
#define SPINS  256u

static struct mm_struct *mm;

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void enter(void)
{
	scn_switch_mm(mm);
	look();
}

/* Held at the write; uses the page at once when it is back. */
static void use(void)
{
	if (scn_cpu() != scn_nr_cpus() - 1)
		return;
	look();
	scn_access(mm, ADDR, PVTLB_ACCESS_WRITE);
	look();
}

/* CPU 0's look lets the vCPU go; the delay doubles from round to round. */
static void change(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
	look();
	for (unsigned int i = SPINS << scn_round(); i; i--)
		scn_relax();
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
}

static const struct scn_race race = {
	.walk = use,
	.change = change,
	.after = look,
};

static void setup(void)
{
	mm = scn_mm_create();
	scn_fault(mm, ADDR);
}

SCENARIO(preempted_resume, {
	.name = "preempted-resume",
	.title = "flush a vCPU that is just being resumed",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race, .rounds = ROUNDS),
	.hold = { { .cpus = PVTLB_HOLD_LAST, PVTLB_HOLD_AT(ACCESS, op, PVTLB_ACCESS_WRITE),
		    PVTLB_HOLD_UNTIL(ACCESS, op, PVTLB_ACCESS_READ) } },
});
