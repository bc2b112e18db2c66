/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A schedule: where it departs from the usual order of CPUs.
 *
 * The usual order: CPU 0 begins, a CPU runs until it waits, and then the next one in number that
 * can run does, around. An interrupt is taken as soon as its CPU runs and lets it in. A switch
 * departs from that: where CPU `cpu` stands that has passed `at` points of this trial, in front
 * of an access or in a wait, CPU `to` goes on. A schedule is a list of these, in their order.
 */
#ifndef VMM_EXPLORE_SCHEDULE_H
#define VMM_EXPLORE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/words.h"
#include "explore/engine.h"

/* How, besides: what happens to the CPU that is left, and to the one that goes on. */
#define SWITCH_PARK	 (1u << 0) /* the hypervisor takes the former away, till its next turn */
#define SWITCH_HOLD_IRQS (1u << 1) /* the latter does not take its interrupt in this turn */
#define SWITCH_AT_WAIT	 (1u << 2) /* the former has gone on from there, and waits */
#define SWITCH_STILL	 (1u << 3) /* the latter makes no step: it is there to be parked */

struct sched_switch {
	uint8_t cpu, to, how; /* how: SWITCH_* */
	uint32_t at;
};

#define SCHEDULE_MAX 2048u
struct schedule {
	uint32_t nr;
	struct sched_switch sw[SCHEDULE_MAX];
};

/* One turn, as it was made. */
struct made_turn {
	struct step_turn turn;
	uint32_t from, passed; /* its own points when it began, and in it */
	enum step_stop stop;
	uint32_t sent;		       /* CPUs that it interrupted, a bit each */
	uint32_t ready;		       /* CPUs that could run when it began, a bit each */
	uint32_t irqs;		       /* CPUs with an interrupt to take when it began */
	uint64_t waits[STEP_MAX_CPUS]; /* the word that each one waited for then; 0: none */
	bool by_switch;		       /* a switch began it, and not the usual order */
};

#define MADE_MAX 8192u
enum ending {
	ENDING_WHOLE,	 /* the trial came to its end */
	ENDING_NOT_SO,	 /* a switch did not come to be: there is no such schedule */
	ENDING_DEADLOCK, /* every CPU waits */
	ENDING_FAILED,	 /* the guest gave up */
	ENDING_ENDLESS,	 /* more points or turns than any trial has */
};

struct attempt {
	enum ending ending;
	uint32_t nr, points; /* turns; points passed by all CPUs */
	struct made_turn made[MADE_MAX];
	char why[512]; /* of a deadlock: who waits for whom; of a guest that gave up: what it said
			*/
};

/* More than any trial has by far; a guest that passes them does not end. */
#define ATTEMPT_MAX_POINTS 2000000u

/*
 * Begin a trial and run it by the schedule, and from its last switch on in the usual order.
 * 0, or -1 when the engine could not go on.
 */
int schedule_run(struct engine *engine, const struct schedule *schedule, bool fresh,
		 struct attempt *out, struct error *err);

/* The CPU that is usual after cpu; -1: none can run. ready: those that can, a bit each. */
int schedule_usual(unsigned int cpus, unsigned int cpu, uint32_t ready);
/* Those that can run now, a bit each. */
uint32_t engine_ready(struct engine *engine);
/* What an attempt did, as the switches that lead to it. False: there are too many. */
bool schedule_of(const struct attempt *attempt, unsigned int cpus, struct schedule *out);
/* All CPUs wait: who for what, in out->why. */
void deadlock_tell(struct engine *engine, struct attempt *out);

#endif
