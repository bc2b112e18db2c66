/* SPDX-License-Identifier: GPL-2.0-only */
/* What one step of a CPU touched, for who asks whether the order of two steps matters. */
#ifndef VMM_EXPLORE_STEP_EVENT_H
#define VMM_EXPLORE_STEP_EVENT_H

#include "explore/engine.h"

/* Who makes steps: a CPU, or the hypervisor that takes it away, which is number cpus + CPU. */
#define STEP_PROCS (2 * STEP_MAX_CPUS)

#define STEP_TOUCHES	 (4 + 2 * STEP_MAX_CPUS)
#define STEP_TOUCH_WRITE 4ull /* words are at multiples of 8 */
struct step_event {
	uint8_t proc, nr;
	uint64_t touch[STEP_TOUCHES]; /* a word, and whether it is written */
};

/* A CPU's step, before which it was parked, or would have taken an interrupt. */
struct step_made {
	unsigned int cpu;
	const struct step_access *access; /* that it made, or that it waited for; NULL: none */
	bool was_parked, irqs_on;
	const struct step_result *result;
};

void step_event_run(struct step_event *event, struct engine *engine, const struct step_made *made);
/* The hypervisor takes the CPU away. */
void step_event_park(struct step_event *event, struct engine *engine, unsigned int cpu);
/* Does their order matter? */
bool step_events_conflict(const struct step_event *a, const struct step_event *b);

#endif
