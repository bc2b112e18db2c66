/* SPDX-License-Identifier: GPL-2.0-only */
/* An exploration: schedules run one after another, each distinct stream judged once. */
#ifndef VMM_EXPLORE_EXPLORE_H
#define VMM_EXPLORE_EXPLORE_H

#include "explore/finding.h"

#define EXPLORE_BOUND_MAX 8u

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
};

/* Why it ended. */
enum explore_end {
	EXPLORE_THROUGH, /* all that was asked for */
	EXPLORE_FOUND,	 /* at the first that is wrong */
	EXPLORE_LIMIT,	 /* as many schedules as were allowed */
	EXPLORE_TIME,	 /* the time is over */
	EXPLORE_SIGNAL,	 /* told to stop */
};

struct explore_result {
	enum explore_end end;
	uint64_t schedules;			  /* run, and not run again */
	uint64_t of_bound[EXPLORE_BOUND_MAX + 1]; /* of these, with so many switches */
	unsigned int bounds;			  /* so many bounds were gone through whole */
	uint64_t not_so;			  /* tried, and turned out not to come to be */
	uint64_t executions, asleep;		  /* of the reduction */
	uint64_t streams;			  /* distinct ones, each of which was judged */
	uint64_t streams_hash;			  /* of all of them, in whatever order */
	uint64_t wrong;				  /* schedules that are, behind the first if all */
	double seconds, found_seconds;		  /* of it all; till the first that is wrong */
	uint64_t found_after;			  /* schedules */
	struct wrong first;
	struct schedule schedule; /* of that, shrunk */
	uint32_t switches_found;  /* that it had before */
	uint64_t shrink_tried;
};

/* 0, or -1 with err when the engine could not go on. */
int explore(const struct subject *subject, struct engine *engine,
	    const struct explore_options *options, struct explore_result *out, struct error *err);

#endif
