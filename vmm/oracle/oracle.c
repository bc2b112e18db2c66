/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle as a whole: its columns, and which trials had a violation. */
#include <stdlib.h>

#include "oracle/oracle.h"
#include "pvtlb/image.h"

/* Which trials had a violation. */
struct trials {
	uint8_t *hit;
	uint32_t nr;
};

static void mark(void *ctx, const struct violation *v)
{
	struct trials *t = ctx;

	t->hit[v->trial < t->nr ? v->trial : t->nr - 1] = 1;
}

static uint32_t count_trials(const struct event_stream *stream)
{
	uint32_t nr = 1;

	for (size_t i = 0; i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];

		if (e->id == PVTLB_EV_TRIAL && e->trial.trial < ORACLE_MAX_TRIALS &&
		    e->trial.trial >= nr)
			nr = e->trial.trial + 1;
	}
	return nr;
}

void oracle(const struct event_stream *stream, const struct oracle_terms *terms,
	    struct findings *out)
{
	const struct permitted_terms permitted = { terms->by_host, terms->no_look };
	struct trials t = { .nr = count_trials(stream) };
	bool claimed = terms->claims & PVTLB_CLAIM_DELIVERED;
	/* If it is not claimed the counts need it all the same. */
	struct delivered unclaimed, *delivered = claimed ? &out->delivered : &unclaimed;

	*out = (struct findings){ .trials = t.nr };
	t.hit = calloc(t.nr, 1);
	if (!t.hit)
		abort();
	oracle_delivered(stream, terms->promise, delivered, claimed ? mark : NULL, &t);
	oracle_counts(stream, delivered, &out->counts);
	if (terms->claims & PVTLB_CLAIM_SAFE) {
		oracle_safe(stream, terms->no_look, &out->safe, mark, &t);
		oracle_permitted(stream, &permitted, &out->permitted, mark, &t);
	}
	/* Whichever it was: what is not checked makes the run worthless. */
	out->safe.gave_up |= delivered->gave_up | out->counts.gave_up | out->permitted.gave_up;
	for (uint32_t i = 0; i < t.nr; i++)
		out->violated += t.hit[i];
	free(t.hit);
}
