/* SPDX-License-Identifier: GPL-2.0-only */
/* An exploration: schedules run one after another, each distinct stream judged once. */
#ifndef VMM_EXPLORE_EXPLORE_H
#define VMM_EXPLORE_EXPLORE_H

#include "explore/outcome.h"

struct explore_options {
	unsigned int bound;	    /* up to so many switches */
	bool unbounded;		    /* after that, all orders, reduced */
	uint64_t random, seed;	    /* instead: so many at random */
	unsigned int depth;	    /* of these: one more than switches of priority */
	uint64_t max_schedules;	    /* 0: no limit */
	double seconds;		    /* 0: no limit */
	unsigned int shard, shards; /* one part of so many; 0 of 1: all */
	bool all;		    /* go on behind the first that is wrong */
	FILE *progress;		    /* a line now and then; NULL: none */
	unsigned int workers;	    /* so many are at it, of which this is one; 0: alone */
};

/* 0, or -1 with err when the engine could not go on. out: for outcome_free() in any case. */
int explore(const struct subject *subject, struct engine *engine,
	    const struct explore_options *options, struct outcome *out, struct error *err);

#endif
