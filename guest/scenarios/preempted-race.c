/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preempted-race, preempted-resume: a vCPU comes back just when it was found to be preempted.
 *
 * The last vCPU has a page cached and is preempted. CPU 0 replaces the page, finds the vCPU
 * preempted, and is held before it leaves it word to flush. Meanwhile the vCPU comes back: nobody
 * will read that word now, and it uses what it has cached. The exchange that was to leave the word
 * fails, and then the vCPU has to be told by IPI. Teaches why kvm_flush_tlb_multi() takes only those
 * out of its mask whom the exchange has reached. Other backends do not ask who is preempted; to
 * them it is a flush like any other.
 *
 * In preempted-resume it is the host that has to take care, as it lets the vCPU go on: it looks
 * whether it was left word to flush, and takes back that it is preempted. Meanwhile CPU 0
 * flushes. The host is slow (PVTLB_SCENARIO_SLOW_HOST), in each round before another access to that
 * word, so that in one round or another the flush comes between the two, if anything can. Teaches why a host does both in one exchange: word that is left after the look,
 * and overwritten, nobody ever reads.
 */
#include <scenario.h>

#define ADDR   0x100000000000ull
#define ROUNDS 8 /* of preempted-resume */
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

/* Held at the write; lets CPU 0 go by the look that follows. */
static void use(void)
{
	if (scn_cpu() != scn_nr_cpus() - 1)
		return;
	look();
	scn_access(mm, ADDR, PVTLB_ACCESS_WRITE);
	look();
}

static void change(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
}

/* CPU 0's look lets the vCPU go; the delay doubles from round to round. */
static void let_go_and_change(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
	look();
	scn_delay(SPINS << scn_round());
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
}

static const struct scn_race race = {
	.walk = use,
	.change = change,
	.after = look,
};

static const struct scn_race resume = {
	.walk = use,
	.change = let_go_and_change,
	.after = look,
};

static void setup(void)
{
	mm = scn_mm_create();
	scn_fault(mm, ADDR);
}

SCENARIO(preempted_race, {
	.name = "preempted-race",
	.title = "flush a vCPU that was found preempted, and is back by then",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race),
	.hold = { { .cpus = PVTLB_HOLD_LAST, PVTLB_HOLD_AT(ACCESS, op, PVTLB_ACCESS_WRITE),
		    PVTLB_HOLD_UNTIL_ANY(PREEMPTED) },
		  { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT_ANY(PREEMPTED),
		    PVTLB_HOLD_UNTIL(ACCESS, op, PVTLB_ACCESS_READ) } },
});

SCENARIO(preempted_resume, {
	.name = "preempted-resume",
	.title = "flush a vCPU that is just being resumed",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE | PVTLB_SCENARIO_SLOW_HOST,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &resume, .rounds = ROUNDS),
	.hold = { { .cpus = PVTLB_HOLD_LAST, PVTLB_HOLD_AT(ACCESS, op, PVTLB_ACCESS_WRITE),
		    PVTLB_HOLD_UNTIL(ACCESS, op, PVTLB_ACCESS_READ) } },
});
