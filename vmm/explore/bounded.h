/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every schedule of at most so many switches, the fewest first. With two CPUs that is preemption
 * bounding (Musuvathi and Qadeer, "Iterative context bounding for systematic testing of
 * multithreaded programs", PLDI 2007); with more it is delay bounding (Emmi, Qadeer and
 * Rakamaric, "Delay-bounded scheduling", POPL 2011), as another CPU than the usual one after a
 * wait is a switch, too.
 */
#ifndef VMM_EXPLORE_BOUNDED_H
#define VMM_EXPLORE_BOUNDED_H

#include "explore/schedule.h"

/* A switch that could be made in an attempt, behind all that were. */
struct candidates {
	struct sched_switch *sw;
	size_t nr;
};

/*
 * All that can follow the attempt's own switches. Some may turn out not to come to be: what a CPU
 * waits for is looked at by the word, and not by its value. To be freed.
 */
void candidates_of(const struct attempt *attempt, struct engine *engine, struct candidates *out);

/* Told of each schedule that came to be; other than 0 ends the search. */
typedef int attempt_fn(void *ctx, const struct schedule *schedule, const struct attempt *attempt);

struct bounded {
	struct engine *engine;
	attempt_fn *told;
	void *ctx;
	unsigned int shard, shards; /* of the schedules of the last bound: one of so many parts */
	/* What came of it. */
	uint64_t not_so;  /* that did not come to be */
	double done;	  /* of this bound: about which part of it was gone through, 0 to 1 */
	size_t first, of; /* under which first switch it is, of how many: the frontier */
};

/*
 * All schedules of exactly `switches` switches. Returns what ended it: 0 when it is through, what
 * told() returned, or -1 with err.
 */
int bounded_search(struct bounded *b, unsigned int switches, struct error *err);

#endif
