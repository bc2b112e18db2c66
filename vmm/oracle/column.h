/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of a column share: where they are, what they may still do, whom they tell. */
#ifndef VMM_ORACLE_COLUMN_H
#define VMM_ORACLE_COLUMN_H

#include "oracle/violation.h"
#include "pvtlb/types.h"

/* A CPU number in an event may be any that fits into a set; the oracle drops the others. */
#define CPUS (64 * PVTLB_CPUSET_WORDS)

struct column {
	uint32_t trial, step;
	uint64_t work, kept; /* entries looked at, entries of about 32 bytes kept */
	struct violations *bad;
	violation_fn *hit; /* may be NULL */
	void *ctx;
};

/*
 * Show the events to fn, one after the other. Returns false when it had to give up: the stream
 * asked for more work, or memory, than any honest one does, or its reader is out of patience.
 */
typedef void column_event_fn(void *state, const struct pvtlb_event *e);
bool column_run(struct column *c, const struct event_stream *stream, column_event_fn *fn,
		void *state);

/* Count a violation, keep it if it is among the first, tell of it. Fills in trial and step. */
void column_violation(struct column *c, struct violation *v);

#endif
