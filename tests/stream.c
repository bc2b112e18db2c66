/* SPDX-License-Identifier: GPL-2.0-only */
/* Judging hand-written streams of events. */
#include <stdlib.h>
#include <string.h>

#include "stream.h"

struct findings found;

static void judge(const struct pvtlb_event *event, size_t nr, uint32_t claims,
		  enum interrupts promise)
{
	/* Of the exact size: ASan sees a look behind the end. */
	struct pvtlb_event *copy = malloc(nr * sizeof(*copy) + 1);
	struct event_stream stream = { .event = copy, .nr = nr };

	memcpy(copy, event, nr * sizeof(*copy));
	for (size_t i = 0; i < nr; i++)
		copy[i].seq = i + 1;
	oracle(&stream, &(struct oracle_terms){ .claims = claims, .promise = promise }, &found);
	free(copy);
}

void judge_stream(const struct pvtlb_event *event, size_t nr, enum interrupts promise)
{
	judge(event, nr, PVTLB_CLAIMS, promise);
}

static void expect_one(const struct expect *e)
{
	judge(e->event, e->nr, e->claims ? e->claims : PVTLB_CLAIMS, e->promise);
	AGREES(flushes, found.delivered.flushes);
	AGREES(targets, found.delivered.targets);
	AGREES(interrupted, found.delivered.interrupted);
	AGREES(walkers, found.delivered.walkers);
	AGREES(walkers_interrupted, found.delivered.walkers_interrupted);
	AGREES(delivered_bad, found.delivered.bad.total);
	AGREES(checks, found.safe.checks);
	AGREES(large, found.safe.checks_large);
	AGREES(walk_loads, found.safe.walk_loads);
	AGREES(safe_bad, found.safe.bad.total);
	AGREES(violated, found.violated);
	EXPECT(found.trials == (e->trials ? e->trials : 1), "%s: %u trials", e->name, found.trials);
	/* The name promises what the stream is. */
	EXPECT(!strncmp(e->name, "bad_", 4) ==
		       (found.delivered.bad.total + found.safe.bad.total > 0),
	       "%s", e->name);
}

void expect_all(const struct expect *cases, size_t nr)
{
	for (const struct expect *e = cases; e < cases + nr; e++)
		expect_one(e);
}

void expect_kind(const struct expect *cases, size_t nr, enum violation_kind kind)
{
	for (const struct expect *e = cases; e < cases + nr; e++) {
		const struct violations *bad;

		expect_one(e);
		bad = e->safe_bad ? &found.safe.bad : &found.delivered.bad;
		EXPECT(!bad->total || bad->v[0].kind == kind, "%s: %s", e->name,
		       violation_names[bad->v[0].kind]);
	}
}
