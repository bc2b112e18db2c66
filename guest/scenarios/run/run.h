/* SPDX-License-Identifier: GPL-2.0-only */
/* Running scenarios: what the boot asks for, and what the files here share. */
#ifndef GUEST_SCENARIOS_RUN_H
#define GUEST_SCENARIOS_RUN_H

#include <linux/types.h>
#include <pvtlb/image.h>
#include <scenario.h>

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

/* The scenario that runs, its program, and how it is to be run. */
const struct pvtlb_scenario *scenario_running(void);
const struct scn_program *scenario_program(void);
extern struct scenario_config scenario_run;

/* Whoever is waited for may need this one's host CPU: turn counts the turns of a spin, from 1. */
void relax_or_yield(u32 turn);
/* Letting others run meanwhile. */
void spin_until_zero(const u32 *word);

/* Seeded by the run's seed. Below limit; and a delay, often none and sometimes long. */
u32 random_below(u32 limit);
void random_delay(void);

/* Release the workers into run, which is shown as the phase what. */
void phase_release(void (*run)(void), void (*what)(void));
/* A worker's life. */
void __noreturn phase_work(void);

/* CPU 0: all trials of the race. */
void race_run(const struct scn_race *race, unsigned int rounds);

#endif
