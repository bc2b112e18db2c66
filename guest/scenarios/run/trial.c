/* SPDX-License-Identifier: GPL-2.0-only */
/* What a scenario asks about its run, and says about it. */
#include <linux/cpumask.h>
#include <linux/fault.h>
#include <linux/percpu.h>
#include <linux/trace.h>

#include "../../mm/internal.h"
#include "internal.h"

unsigned int scn_cpu(void)
{
	return smp_processor_id();
}

unsigned int scn_nr_cpus(void)
{
	return num_online_cpus();
}

unsigned int scn_nr_possible_cpus(void)
{
	return nr_cpu_ids;
}

void scn_cpu_down(void)
{
	take_cpu_down();
}

void scn_wait_cpu_down(unsigned int cpu)
{
	for (u32 turn = 1; cpumask_test_cpu(cpu, &cpu_online_mask); turn++)
		relax_or_yield(turn);
}

void scn_cpu_up(unsigned int cpu)
{
	bring_cpu_up(cpu);
}

/* One trial is to be like another. */
void scn_trial_begins(unsigned int trial)
{
	if (!step_on())
		return;
	random_restart();
	if (trial)
		step_trial();
}

unsigned int trials_to_run(void)
{
	return scenario_run.trials + step_on();
}

unsigned int scn_trials(void)
{
	return scenario_run.trials;
}

void scn_step(unsigned int trial, unsigned int step)
{
	trace(TRIAL, trial, step);
}

void scn_measure(enum pvtlb_measure what, u64 value)
{
	trace(MEASURE, what, value);
}

void scn_fault_window(void (*look)(void))
{
	fault_window = look;
}
