/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random schedules with a bound on how unlikely a bug is missed: CPUs have random priorities, and
 * at d - 1 random points the one that runs gets the lowest (Burckhardt, Kothari, Musuvathi and
 * Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS
 * 2010).
 */
#ifndef VMM_EXPLORE_PCT_H
#define VMM_EXPLORE_PCT_H

#include "explore/bounded.h"

struct pct {
	struct engine *engine;
	attempt_fn *told;
	void *ctx;
	uint64_t seed;
	unsigned int depth; /* d */
	uint64_t schedules; /* to be run */
	uint32_t points;    /* that a trial has, about; learnt as it goes on */
};

/* As bounded_search(). */
int pct_search(struct pct *p, struct error *err);

#endif
