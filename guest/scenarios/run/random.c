/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers for free runs: a generator per CPU. */
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/wait.h>

#include "internal.h"

#define LONGEST_DELAY 4096 /* turns of a loop */

/* xorshift64* (Vigna 2016), one per CPU, from the run's seed: repeatable as far as it goes. */
static DEFINE_PER_CPU(u64, random_state);

u32 random_below(u32 limit)
{
	u64 x = this_cpu_read(random_state);

	if (!x)
		x = (scenario_run.seed + 1) * 0x9e3779b97f4a7c15ull + smp_processor_id();
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	this_cpu_write(random_state, x);
	return (u32)((x * 0x2545f4914f6cdd1dull) >> 33) % limit;
}

void random_restart(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		per_cpu(random_state, cpu) = 0;
}

u32 scn_random(u32 limit)
{
	return random_below(limit);
}

/* Often nothing, sometimes long: races like both. */
void random_delay(void)
{
	u32 turns = random_below(2) ? 0 : random_below(LONGEST_DELAY);

	while (turns--)
		cpu_relax();
}
