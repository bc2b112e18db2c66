/* SPDX-License-Identifier: GPL-2.0-only */
/* Which scenario this is: found in the image by its name, set up. */
#include <linux/cpumask.h>
#include <linux/kernel.h>

#include "internal.h"

extern const struct pvtlb_scenario __start_scenarios[], __stop_scenarios[];

static const struct pvtlb_scenario *scenario;
static const struct scn_program *program;
struct scenario_config scenario_run;

void scenario_init(const struct scenario_config *config)
{
	const struct pvtlb_scenario *s;

	scenario_run = *config;
	for (s = __start_scenarios; s < __stop_scenarios; s++)
		if (config->name && !__builtin_strcmp(s->name, config->name))
			scenario = s;
	if (!scenario)
		panic("no such scenario in this image", 0);
	program = (const struct scn_program *)scenario->program;
	if (!program)
		panic("the scenario has no program", 0);
	if (program->setup)
		program->setup();
}

const struct pvtlb_scenario *scenario_running(void)
{
	return scenario;
}

const struct scn_program *scenario_program(void)
{
	return program;
}

const void *scn_variant(void)
{
	return program->variant;
}

bool scenario_leaves_out(unsigned int cpu)
{
	return scenario->flags & PVTLB_SCENARIO_ONE_OFFLINE && cpu && cpu == nr_cpu_ids - 1;
}
