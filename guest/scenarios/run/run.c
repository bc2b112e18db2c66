/* SPDX-License-Identifier: GPL-2.0-only */
/* Running a scenario: its program's parts in their order, and what it asks about the run. */
#include <linux/cpumask.h>
#include <linux/fault.h>
#include <linux/kernel.h>
#include <linux/trace.h>

#include "../../kernel/kernel.h"
#include "run.h"

static void lead(void)
{
	const struct scn_program *program = scenario_program();

	if (program->enter)
		scn_phase(program->enter);
	if (program->leader)
		program->leader();
	for (unsigned int nr = 0; program->trial && nr < scn_trials(); nr++)
		program->trial(nr);
	if (program->race)
		race_run(program->race, program->rounds ? program->rounds : 1);
}

void run_scenario(unsigned int cpu)
{
	int role = cpu != 0;

	cpu_status(cpu)->role = role + 1;
	if (role)
		phase_work();
	lead();
}

unsigned int scn_cpu(void)
{
	return smp_processor_id();
}

unsigned int scn_nr_cpus(void)
{
	return num_online_cpus();
}

unsigned int scn_trials(void)
{
	return machine.trials;
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
