/* SPDX-License-Identifier: GPL-2.0-only */
/* Races: trials in which walks and changes meet, held to order or running free. */
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>

#include "../../mm/internal.h"
#include "internal.h"

/* Walks of one worker in a trial of a free run, at most. */
#define FREE_WALKS 8
/* However long it may take: the VMM keeps every event. */
#define MAX_FREE_TRIALS 20000

static const struct scn_race *race;
static unsigned int round;
static u32 walking; /* workers that are awake, in this round */
static u64 stress_begin;

static bool next_trial(unsigned int trial)
{
	if (!scn_free_running())
		return trial < trials_to_run();
	return __builtin_ia32_rdtsc() - stress_begin < scenario_run.stress_cycles &&
	       trial < MAX_FREE_TRIALS;
}

/*
 * Twice: with the first flush an mm gets its ASID, with the second one all CPUs adopt it. For
 * walks only: the flushes of other races are what their hold rules are about.
 */
static void adopt_global_asid(void)
{
	struct mm_struct *mm = this_cpu_read(cpu_tlbstate.loaded_mm);
	bool walks = scenario_running()->flags & PVTLB_SCENARIO_WALKS;

	for (int i = 0; i < 2 && use_global_asids && walks && mm != &init_mm; i++)
		flush_tlb_mm_range(mm, 0, TLB_FLUSH_ALL, PAGE_SHIFT, false);
}

/* What a worker does in a round. */
static void walk(void)
{
	u32 walks = scn_free_running() ? 1 + random_below(FREE_WALKS) : 1;

	atomic_inc_return(&walking);
	while (walks--) {
		race->walk();
		if (scn_free_running())
			random_delay();
	}
}

unsigned int scn_round(void)
{
	return round;
}

static void window(enum pvtlb_step_window which)
{
	if (step_on())
		step_window(which);
}

static void run_round(unsigned int trial)
{
	scn_step(trial, 3 * round);
	if (race->prepare)
		race->prepare();
	WRITE_ONCE(walking, 0);
	window(PVTLB_STEP_INSIDE);
	phase_release(walk, race->walk);
	/* An interrupt that wakes one must not look like one that flushes. */
	scn_spin_until(&walking, num_online_cpus() - 1);
	if (scn_free_running())
		random_delay();
	else
		scn_wait_held();
	race->change();
	scn_step(trial, 3 * round + 1);
	scn_gather();
	window(PVTLB_STEP_OUTSIDE);
	if (race->after)
		scn_phase(race->after);
	if (race->restore)
		race->restore();
	/* Whoever an interrupt of the restoring has led into a hold. */
	scn_step(trial, 3 * round + 2);
}

void race_run(const struct scn_race *r, unsigned int rounds)
{
	if (!r->walk || !r->change)
		panic("a race needs walk and change", 0);
	race = r;
	if (scn_free_running())
		walk_window = random_delay;
	stress_begin = __builtin_ia32_rdtsc();
	adopt_global_asid();
	for (unsigned int trial = 0; next_trial(trial); trial++) {
		scn_trial_begins(trial);
		for (round = 0; round < rounds; round++)
			run_round(trial);
	}
}
