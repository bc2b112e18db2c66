/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of an exploration, or of several parts of one. */
#ifndef VMM_EXPLORE_OUTCOME_H
#define VMM_EXPLORE_OUTCOME_H

#include "explore/finding.h"
#include "explore/hashes.h"

#define EXPLORE_BOUND_MAX 8u

/* Why it ended. */
enum explore_end {
	EXPLORE_THROUGH, /* all that was asked for */
	EXPLORE_FOUND,	 /* at the first that is wrong */
	EXPLORE_LIMIT,	 /* as many schedules as were allowed */
	EXPLORE_TIME,	 /* the time is over */
	EXPLORE_SIGNAL,	 /* told to stop */
	EXPLORE_ENDS,
};

struct outcome {
	enum explore_end end;
	uint64_t schedules;			  /* run, and not run again */
	uint64_t of_bound[EXPLORE_BOUND_MAX + 1]; /* of these, with so many switches */
	unsigned int bounds;			  /* so many bounds were gone through whole */
	uint64_t not_so;			  /* tried, and turned out not to come to be */
	uint64_t executions, asleep;		  /* of the reduction */
	struct hashes streams;			  /* distinct ones, each of which was judged */
	uint64_t wrong;				  /* distinct streams, and trials without an end */
	double seconds, found_seconds;		  /* of it all; till the first that is wrong */
	uint64_t found_after;			  /* schedules */
	struct wrong first;
	struct schedule schedule; /* of that, shrunk */
	uint32_t switches_found;  /* that it had before */
	uint64_t shrink_tried;
};

extern const char *const explore_end_names[EXPLORE_ENDS];

/* Add what came of another part of the same exploration. */
void outcome_merge(struct outcome *to, const struct outcome *part);
void outcome_free(struct outcome *outcome);

/* Through a pipe, between processes of one program. 0, or -1 with errno. */
int outcome_send(int fd, const struct outcome *outcome);
int outcome_receive(int fd, struct outcome *outcome);

#endif
