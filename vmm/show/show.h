/* SPDX-License-Identifier: GPL-2.0-only */
/* A run to be shown: what of it there is. */
#ifndef VMM_SHOW_H
#define VMM_SHOW_H

#include <stdio.h>

#include "events/tracefile.h"
#include "base/title.h"
#include "judge/claims.h"

/* A run that was read from a trace and judged; it stays its owner's. */
struct shown {
	const struct trace_run *run;
	struct event_stream stream;
	struct run_facts facts;
	struct judgement judgement;
	const struct violation *violation; /* the first one, in facts; NULL: none */
	char skipped_by[160];		   /* who skips syncs, and why */
};

/* Judge it. */
void shown_make(struct shown *s, const struct trace_run *run);

#define SHOWN_TITLE_MAX (TITLE_MAX + 64u)
/* Which run it is, what the key came out as, and the verdict: a clause. Returns buf. */
const char *shown_title(const struct shown *s, char buf[SHOWN_TITLE_MAX]);

#endif
