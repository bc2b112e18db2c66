/* SPDX-License-Identifier: GPL-2.0-only */
/* Races: trials in which walks and changes meet, held to order or running free. */
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/wait.h>
#include <scenario.h>

#include "../mm/internal.h"
#include "kernel.h"

/* Walks of one worker in a trial of a free run, at most; and the longest delay, in turns. */
#define FREE_WALKS 8
#define FREE_DELAY 4096
/* However long it may take: the VMM keeps every event. */
#define MAX_FREE_TRIALS 20000

static u32 over;
static u32 walking; /* workers that are awake, in this round */
static u64 stress_begin;

/* xorshift64* (Vigna 2016), one per CPU, from the run's seed: repeatable as far as it goes. */
static DEFINE_PER_CPU(u64, random_state);

static u32 random_below(u32 limit)
{
	u64 x = this_cpu_read(random_state);

	if (!x)
		x = (machine.seed + 1) * 0x9e3779b97f4a7c15ull + smp_processor_id();
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	this_cpu_write(random_state, x);
	return (u32)((x * 0x2545f4914f6cdd1dull) >> 33) % limit;
}

/* Often nothing, sometimes long: races like both. */
static void random_delay(void)
{
	u32 turns = random_below(2) ? 0 : random_below(FREE_DELAY);

	while (turns--)
		cpu_relax();
}

bool scn_free_running(void)
{
	return machine.stress_cycles;
}

static bool next_trial(unsigned int trial)
{
	if (!scn_free_running())
		return trial < machine.trials;
	return __builtin_ia32_rdtsc() - stress_begin < machine.stress_cycles &&
	       trial < MAX_FREE_TRIALS;
}

bool scn_held(unsigned int cpu)
{
	return READ_ONCE((cpu_status() - smp_processor_id() + cpu)->parked) == PVTLB_PARKED_HELD;
}

static bool is_about(const struct pvtlb_hold *rule, unsigned int cpu)
{
	switch (rule->cpus) {
	case PVTLB_HOLD_LEADER:
		return !cpu;
	case PVTLB_HOLD_FIRST:
		return cpu == 1;
	case PVTLB_HOLD_LAST:
		return cpu && cpu == nr_cpu_ids - 1;
	case PVTLB_HOLD_WORKERS:
		return cpu;
	}
	return false;
}

/* Whoever is waited for may need this one's host CPU to get there. */
static void relax_or_yield(u32 turn)
{
	if (turn % 1024)
		cpu_relax();
	else
		vmm_call(PVTLB_CALL_YIELD, NULL, 0);
}

void spin_until_zero(const u32 *word)
{
	for (u32 turn = 1; smp_load_acquire(word); turn++)
		relax_or_yield(turn);
}

void scn_spin_until(const u32 *word, u32 value)
{
	for (u32 turn = 1; smp_load_acquire(word) < value; turn++)
		relax_or_yield(turn);
}

void scn_wait_held(void)
{
	const struct pvtlb_hold *rule = scenario_hold();
	unsigned int cpu;

	if (scn_free_running())
		return;
	for_each_online_cpu(cpu) {
		if (cpu == smp_processor_id() || !is_about(rule, cpu))
			continue;
		status_wait(PVTLB_WAIT_PARKED, cpu, 0);
		for (u32 turn = 1; !scn_held(cpu); turn++)
			relax_or_yield(turn);
	}
	status_run();
}

/*
 * Twice: with the first flush an mm gets its ASID, with the second one all CPUs adopt it. For
 * walks only: the flushes of other races are what their hold rules are about.
 */
static void adopt_global_asid(void)
{
	struct mm_struct *mm = this_cpu_read(cpu_tlbstate.loaded_mm);

	for (int i = 0; i < 2 && use_global_asids && scenario_walks() && mm != &init_mm; i++)
		flush_tlb_mm_range(mm, 0, TLB_FLUSH_ALL, PAGE_SHIFT, false);
}

static void call(void (*step)(void))
{
	if (step)
		step();
}

static void round(const struct scn_race *race, unsigned int trial, unsigned int nr)
{
	scn_step(trial, 3 * nr);
	call(race->prepare);
	WRITE_ONCE(walking, 0);
	scn_release();
	/* An interrupt that wakes one must not look like one that flushes. */
	scn_spin_until(&walking, num_online_cpus() - 1);
	if (scn_free_running())
		random_delay();
	else
		scn_wait_held();
	race->change(nr);
	scn_step(trial, 3 * nr + 1);
	scn_gather();
	if (race->after)
		scn_phase(race->after);
	call(race->restore);
	/* Whoever an interrupt of the restoring has led into a hold. */
	scn_step(trial, 3 * nr + 2);
}

void scn_race_lead(const struct scn_race *race)
{
	if (scn_free_running())
		walk_window = random_delay;
	stress_begin = __builtin_ia32_rdtsc();
	scn_release();
	call(race->enter);
	scn_gather();
	adopt_global_asid();
	for (unsigned int trial = 0; next_trial(trial); trial++)
		for (unsigned int i = 0; i < (race->rounds ? race->rounds : 1); i++)
			round(race, trial, i);
	WRITE_ONCE(over, 1);
	scn_release();
	scn_gather();
}

static void walk(const struct scn_race *race)
{
	u32 walks = scn_free_running() ? 1 + random_below(FREE_WALKS) : 1;

	atomic_inc_return(&walking);
	while (walks--) {
		call(race->walk);
		if (scn_free_running())
			random_delay();
	}
}

void scn_race_work(const struct scn_race *race)
{
	scn_wait_release();
	call(race->enter);
	scn_arrive();
	for (;;) {
		scn_wait_release();
		if (READ_ONCE(over))
			break;
		walk(race);
		scn_arrive();
		if (!race->after)
			continue;
		scn_wait_release();
		race->after();
		scn_arrive();
	}
	scn_arrive();
}
