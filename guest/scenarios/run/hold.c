/* SPDX-License-Identifier: GPL-2.0-only */
/* A scenario's side of holding: who is held by the VMM, and waiting until all are. */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/percpu.h>

#include "internal.h"

bool scn_free_running(void)
{
	return scenario_run.stress_cycles;
}

bool scn_held(unsigned int cpu)
{
	/* Nobody is held in stepped mode, and nobody is waited for: where CPUs stop is not known. */
	return step_on() || READ_ONCE(cpu_status(cpu)->held) == PVTLB_HELD_YES;
}

void scn_wait_held(void)
{
	const struct pvtlb_hold *rule = scenario_running()->hold;
	unsigned int cpu;

	if (scn_free_running() || step_on())
		return;
	for_each_online_cpu(cpu) {
		if (cpu == smp_processor_id() || !pvtlb_hold_is_about(rule->cpus, cpu, nr_cpu_ids))
			continue;
		status_wait(PVTLB_WAIT_HELD, cpu, 0);
		for (u32 turn = 1; !scn_held(cpu); turn++)
			relax_or_yield(turn);
	}
	status_run();
}
