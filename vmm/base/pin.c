/* SPDX-License-Identifier: GPL-2.0-only */
/* Binding threads to host CPUs. */
#include <sched.h>

#include "base/pin.h"

void pin_thread(unsigned int id)
{
	cpu_set_t all, one;
	int want, cpu;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	want = id % CPU_COUNT(&all);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all) && !want--)
			break;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}
