/* SPDX-License-Identifier: GPL-2.0-only */
/* The TLB that the architecture permits, kept for each CPU, and what is judged by it. */
#include <stdlib.h>

#include "oracle/leaves.h"
#include "oracle/permitted/entries.h"
#include "oracle/permitted/gone.h"
#include "oracle/permitted/permitted.h"
#include "oracle/permitted/said.h"
#include "oracle/permitted/spaces.h"
#include "oracle/permitted/witness.h"

struct state {
	struct column column;
	struct permitted *out;
	struct entries entries;
	struct tlbs tlbs;
	struct removal removal;
	struct asked asked;
	struct said said;
	struct gone gone;
	const struct permitted_terms *terms;
};

static void mm(struct state *s, const struct pvtlb_event *e)
{
	struct space *space = space_of(&s->entries, e->mm.mm);

	if (e->mm.pgd)
		tlbs_forget(&s->tlbs, space);
	space_begin(&s->entries, space, e->mm.pgd & PTE_ADDR);
}

/* First what is, then what is removed, then what is said and what had to be gone. */
static void event(void *state, const struct pvtlb_event *e)
{
	struct state *s = state;
	const struct tlb *tlb = &s->tlbs.cpu[e->cpu];
	const struct before before = { tlb->away, tlb->lazy, tlb->down };

	said_before(&s->said, e);
	entries_event(&s->entries, e);
	tlbs_event(&s->tlbs, e);
	removal_event(&s->removal, e);
	asked_event(&s->asked, e);
	said_event(&s->said, e);
	gone_event(&s->gone, e, &before);
	s->out->stores += e->id == PVTLB_EV_PTE_STORED;
	asked_over(&s->asked, e);
	if (e->id == PVTLB_EV_MM)
		mm(s, e);
	if (e->id == PVTLB_EV_ACCESS && !s->terms->no_look)
		witness(&s->tlbs, s->out, e);
	if (s->terms->watch)
		s->terms->watch(s->terms->watch_ctx, &s->tlbs, e);
}

void oracle_permitted(const struct event_stream *stream, const struct permitted_terms *terms,
		      struct permitted *out, violation_fn *hit, void *ctx)
{
	struct state *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	*out = (struct permitted){ 0 };
	s->column = (struct column){ .bad = &out->bad, .hit = hit, .ctx = ctx };
	s->out = out;
	s->terms = terms;
	s->entries.column = &s->column;
	tlbs_init(&s->tlbs, &s->entries);
	s->removal.tlbs = &s->tlbs;
	s->removal.believed = terms->believed;
	s->asked.column = &s->column;
	s->asked.removal = &s->removal;
	s->said.column = &s->column;
	s->said.tlbs = &s->tlbs;
	s->said.removal = &s->removal;
	s->gone = (struct gone){ &s->column, &s->tlbs, &s->asked, out };
	out->gave_up = !column_run(&s->column, stream, event, s);
	if (!s->tlbs.any_known)
		out->stores = 0;
	violations_complete(&out->bad, stream);
	asked_free(&s->asked);
	removal_free(&s->removal);
	entries_free(&s->entries);
	free(s);
}
