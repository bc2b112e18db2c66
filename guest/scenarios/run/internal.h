/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files under scenarios/run/ share among themselves only. */
#ifndef GUEST_SCENARIOS_RUN_INTERNAL_H
#define GUEST_SCENARIOS_RUN_INTERNAL_H

#include <linux/types.h>
#include <pvtlb/image.h>
#include <scenario.h>

#include "start.h"

/* The scenario that runs, its program, and how it is to be run. */
const struct pvtlb_scenario *scenario_running(void);
const struct scn_program *scenario_program(void);
extern struct scenario_config scenario_run;

/* Whoever is waited for may need this one's host CPU: turn counts the turns of a spin, from 1. */
void relax_or_yield(u32 turn);
/* Letting others run meanwhile. */
void spin_until_zero(const u32 *word);

/* One more in stepped mode. */
unsigned int trials_to_run(void);
/*
 * CPU 0: what follows, up to the next time, can be explored; but for trial 0, which takes memory
 * that the others find again, and so is not like them.
 */
void scn_trial_begins(unsigned int trial);

/* All CPUs' random numbers begin again. */
void random_restart(void);
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
