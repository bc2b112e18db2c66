/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which steps of an execution come before which, by vector clocks: a step comes after those of
 * its own process, and after those before it in the execution with which it conflicts.
 */
#ifndef VMM_EXPLORE_HAPPENS_BEFORE_H
#define VMM_EXPLORE_HAPPENS_BEFORE_H

#include "explore/step_event.h"

struct clock {
	uint32_t of[STEP_PROCS]; /* the last step of each process that came before, plus 1 */
};

/* What an execution did to one word. */
struct touched {
	uint64_t word;
	uint32_t run;			   /* of which execution; another: it is empty */
	int32_t written, read[STEP_PROCS]; /* by the last step of that kind; -1: none */
	struct clock write_clock, read_clock;
};

#define TOUCHED_ROOM (1u << 14)
struct happens_before {
	unsigned int procs;
	uint32_t run;
	struct clock clock[STEP_PROCS];
	struct touched table[TOUCHED_ROOM];
};

/* A new execution, of so many processes. */
void hb_begin(struct happens_before *hb, unsigned int procs);

/*
 * Earlier steps that race with this one: they conflict with it, are another process's, and nothing
 * between them orders the two.
 */
#define HB_RACES_MAX (STEP_TOUCHES * (STEP_PROCS + 1))
struct hb_races {
	unsigned int nr;
	uint32_t step[HB_RACES_MAX];
};

/*
 * The step number `nr` of the execution. proc_of: whose each step before was. clock: which steps
 * come before it.
 */
void hb_step(struct happens_before *hb, const struct step_event *event, uint32_t nr,
	     uint8_t (*proc_of)(void *ctx, uint32_t step), void *ctx, struct clock *clock,
	     struct hb_races *races);

#endif
