/* SPDX-License-Identifier: GPL-2.0-only */
/* Running a scenario: what the boot asks for. */
#ifndef GUEST_SCENARIOS_RUN_START_H
#define GUEST_SCENARIOS_RUN_START_H

#include <linux/types.h>

/* What the device tree says about a run. */
struct scenario_config {
	const char *name;
	const char *hypercall; /* the host's own; NULL: none is to be used */
	bool held;	       /* hold rules are in force */
	u64 stress_cycles;     /* 0: not a free run */
	u64 seed;
	u32 trials;
};

/* Find the scenario of this name, and set it up; panics when there is none. */
void scenario_init(const struct scenario_config *config);
/* This CPU's part. Does not return on any but CPU 0. */
void run_scenario(unsigned int cpu);
/* Is the CPU to stay offline? */
bool scenario_leaves_out(unsigned int cpu);

#endif
