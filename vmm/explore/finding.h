/* SPDX-License-Identifier: GPL-2.0-only */
/* What an exploration found: a schedule, and what goes wrong in it. */
#ifndef VMM_EXPLORE_FINDING_H
#define VMM_EXPLORE_FINDING_H

#include "events/trace_run.h"
#include "explore/schedule.h"
#include "judge/claims.h"

/* A run that is explored: what its events are to be judged by. */
struct subject {
	struct run_config config;
	uint32_t claims; /* of the scenario */
};

/* What went wrong in a trial: a violation, or the trial had no end. */
struct wrong {
	bool is;
	enum ending ending;	  /* ENDING_WHOLE: a violation */
	enum violation_kind kind; /* its kind */
	char text[512];		  /* a sentence */
};

/* Look at an attempt that the engine has just made, and at its events. 0, or -1 with err. */
int wrong_of(const struct subject *subject, struct engine *engine, const struct attempt *attempt,
	     struct wrong *out, struct error *err);
/* Is it the same that goes wrong? */
bool wrong_alike(const struct wrong *a, const struct wrong *b);
/* A word for it: of its violation, or "deadlock" and the like. */
const char *wrong_name(const struct wrong *wrong);

/* The events of the engine's trial as a run's, for `check` and `show`; they stay the engine's. */
int subject_run(const struct subject *subject, struct engine *engine, struct trace_run *out,
		struct error *err);

#endif
