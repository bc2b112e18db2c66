/* SPDX-License-Identifier: GPL-2.0-only */
/* Running a scenario: its program's parts in their order. */
#include <linux/kernel.h>

#include "internal.h"

static void lead(void)
{
	const struct scn_program *program = scenario_program();

	if (program->enter)
		scn_phase(program->enter);
	if (program->leader) {
		scn_trial_begins(1);
		program->leader();
	}
	for (unsigned int nr = 0; program->trial && nr < trials_to_run(); nr++) {
		scn_trial_begins(nr);
		program->trial(nr);
	}
	if (program->race)
		race_run(program->race, program->rounds ? program->rounds : 1);
	if (step_on())
		step_over();
}

void run_scenario(unsigned int cpu)
{
	int role = cpu != 0;

	cpu_status(cpu)->role = role + 1;
	if (role)
		phase_work();
	lead();
	contracts_check();
}
