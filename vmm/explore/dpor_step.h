/* SPDX-License-Identifier: GPL-2.0-only */
/* A reduced search under way, and its steps. */
#ifndef VMM_EXPLORE_DPOR_STEP_H
#define VMM_EXPLORE_DPOR_STEP_H

#include "explore/happens_before.h"
#include "explore/hashes.h"
#include "explore/schedule.h"

struct dpor;

/* The state before a step, and the step. Sets of processes have a bit each. */
struct node {
	uint32_t enabled, backtrack, done, sleep;
	bool in_window;
	struct step_event event;	     /* its proc is chosen before it is run */
	struct clock clock;		     /* which steps come before it */
	struct step_event slept[STEP_PROCS]; /* of those in sleep: what they would touch */
};

#define DEPTH_MAX 16384u

struct walk {
	struct dpor *d;
	struct engine *engine;
	struct error *err;
	struct attempt *attempt;
	struct happens_before *hb;
	struct node *node;
	uint32_t len; /* nodes of which the next execution makes the same choice */

	/* The execution under way. */
	uint32_t depth, sleep;
	struct step_event slept[STEP_PROCS];
	struct step_access before[STEP_MAX_CPUS];
	bool stands[STEP_MAX_CPUS]; /* in front of that, */
	bool waits[STEP_MAX_CPUS];  /* or till that changes */
	uint64_t parked_word[STEP_MAX_CPUS];
	uint32_t passed[STEP_MAX_CPUS], parked, irqs_on, parks[STEP_MAX_CPUS];
	unsigned int cpu;
	bool ended;
	struct hb_races races; /* of the latest step */

	struct hashes filled; /* pages that were filled as a whole: one thing each */
	bool again;	      /* one more of these: what was said of its words does not hold */
};

/* What it touches, in this search. */
struct step_access as_touched(struct walk *w, struct step_access access);
/* A step of the CPU's, of those in ready; or it is taken away where it stands. 0, or -1 with err.
 */
int step_run(struct walk *w, unsigned int cpu, uint32_t ready, struct step_event *event);
int step_park(struct walk *w, unsigned int cpu, uint32_t ready, struct step_event *event);

#endif
