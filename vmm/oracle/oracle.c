/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle as a whole, and violations as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/oracle.h"
#include "pvtlb/image.h"

const char *const violation_names[VIOLATION_KINDS] = {
	[VIOLATION_NOT_INTERRUPTED] = "not-interrupted",
	[VIOLATION_INTERRUPTED] = "interrupted",
	[VIOLATION_STALE] = "stale",
};

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

		if (e->id == PVTLB_EV_TRIAL && e->arg[0] < ORACLE_MAX_TRIALS && e->arg[0] >= nr)
			nr = e->arg[0] + 1;
	}
	return nr;
}

void oracle(const struct event_stream *stream, uint32_t claims, enum interrupts promise,
	    struct findings *out)
{
	struct trials t = { .nr = count_trials(stream) };

	*out = (struct findings){ .trials = t.nr };
	t.hit = calloc(t.nr, 1);
	if (!t.hit)
		abort();
	if (claims & PVTLB_CLAIM_DELIVERED)
		oracle_delivered(stream, promise, &out->delivered, mark, &t);
	if (claims & PVTLB_CLAIM_SAFE)
		oracle_safe(stream, &out->safe, mark, &t);
	/* Whichever it was: what is not checked makes the run worthless. */
	out->safe.gave_up |= out->delivered.gave_up;
	for (uint32_t i = 0; i < t.nr; i++)
		out->violated += t.hit[i];
	free(t.hit);
}

static void describe_pte(uint64_t pte, char *buf, size_t len)
{
	if (!(pte & 1))
		snprintf(buf, len, "not mapped");
	else
		snprintf(buf, len, "page %#llx, %s",
			 (unsigned long long)(pte & 0x000ffffffffff000ull),
			 pte & 2 ? "writable" : "read-only");
}

static const char *stale_text(const struct violation *v, char *buf, size_t len)
{
	static const char *const outcomes[] = { "?", "reached page", "found nothing mapped",
						"found it write-protected" };
	char pte[64], reached[64] = "";

	describe_pte(v->pte, pte, sizeof(pte));
	if (v->outcome == PVTLB_ACCESS_OK)
		snprintf(reached, sizeof(reached), " %#llx", (unsigned long long)v->value);
	snprintf(buf, len,
		 "CPU %u %s %#llx of mm %llu and %s%s (#%llu), though it is %s since #%llu and CPU "
		 "%u's flush #%llu to #%llu had returned (trial %u, step %u)",
		 v->cpu, v->op == PVTLB_ACCESS_WRITE ? "wrote to" : "read",
		 (unsigned long long)v->addr, (unsigned long long)v->mm,
		 outcomes[v->outcome <= PVTLB_ACCESS_PROTECTED ? v->outcome : 0], reached,
		 (unsigned long long)v->access, pte, (unsigned long long)v->pte_set, v->initiator,
		 (unsigned long long)v->flush_begin, (unsigned long long)v->flush_end, v->trial,
		 v->step);
	return buf;
}

const char *violation_text(const struct violation *v, char *buf, size_t len)
{
	if (v->kind == VIOLATION_STALE)
		return stale_text(v, buf, len);
	snprintf(buf, len,
		 "CPU %u %s an interrupt between the start and the return of CPU %u's flush #%llu "
		 "to "
		 "#%llu of mm %llu, which it was a target of (trial %u, step %u)",
		 v->cpu, v->kind == VIOLATION_INTERRUPTED ? "took" : "did not take", v->initiator,
		 (unsigned long long)v->flush_begin, (unsigned long long)v->flush_end,
		 (unsigned long long)v->mm, v->trial, v->step);
	return buf;
}
