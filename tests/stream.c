/* SPDX-License-Identifier: GPL-2.0-only */
/* Judging hand-written streams of events. */
#include <stdlib.h>
#include <string.h>

#include "stream.h"

struct findings found;

void judge_stream(const struct pvtlb_event *event, size_t nr, enum interrupts promise)
{
	/* Of the exact size: ASan sees a look behind the end. */
	struct pvtlb_event *copy = malloc(nr * sizeof(*copy) + 1);
	struct event_stream stream = { .event = copy, .nr = nr };

	memcpy(copy, event, nr * sizeof(*copy));
	for (size_t i = 0; i < nr; i++)
		copy[i].seq = i + 1;
	oracle(&stream, PVTLB_CLAIMS, promise, &found);
	free(copy);
}

void expect_all(const struct expect *cases, size_t nr)
{
	for (const struct expect *e = cases; e < cases + nr; e++) {
		judge_stream(e->event, e->nr, e->promise);
		AGREES(flushes, found.delivered.flushes);
		AGREES(targets, found.delivered.targets);
		AGREES(interrupted, found.delivered.interrupted);
		AGREES(delivered_bad, found.delivered.bad.total);
		AGREES(checks, found.safe.checks);
		AGREES(large, found.safe.checks_large);
		AGREES(safe_bad, found.safe.bad.total);
		AGREES(violated, found.violated);
		EXPECT(found.trials == (e->trials ? e->trials : 1), "%s: %u trials", e->name,
		       found.trials);
		/* The name promises what the stream is. */
		EXPECT(!strncmp(e->name, "bad_", 4) ==
			       (found.delivered.bad.total + found.safe.bad.total > 0),
		       "%s", e->name);
	}
}
