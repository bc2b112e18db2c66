/* SPDX-License-Identifier: GPL-2.0-only */
/* What of a run a story is about: which events, which CPUs, which flush, which page table. */
#include <string.h>

#include "oracle/describe.h"
#include "oracle/violation.h"
#include "show/flushes.h"
#include "show/focus.h"

static bool is_new_trial(const struct pvtlb_event *e, uint64_t trial)
{
	return e->id == PVTLB_EV_TRIAL && e->trial.trial != trial;
}

/* The trial, from where it begins; without one, all there is. */
static void find_trial(struct focus *f, const struct event_stream *stream, uint64_t trial)
{
	size_t i = 0;

	while (i < stream->nr &&
	       !(stream->event[i].id == PVTLB_EV_TRIAL && stream->event[i].trial.trial == trial))
		i++;
	f->from = i < stream->nr ? i : 0;
	for (i = f->from; i < stream->nr && !is_new_trial(&stream->event[i], trial); i++)
		;
	f->until = f->trial_until = i;
}

/* The trial's first event of that kind, by another CPU than that; NULL: none. */
static const struct pvtlb_event *first(const struct focus *f, const struct event_stream *stream,
				       unsigned int id, unsigned int not )
{
	for (size_t i = f->from; i < f->until; i++)
		if (stream->event[i].id == id && stream->event[i].cpu != not )
			return &stream->event[i];
	return NULL;
}

/* Who did the first thing of the first of these kinds that there is; instead: nobody did. */
static unsigned int who(const struct focus *f, const struct event_stream *stream,
			const unsigned int *ids, unsigned int not, unsigned int instead)
{
	for (; *ids; ids++) {
		const struct pvtlb_event *e = first(f, stream, *ids, not );

		if (e)
			return e->cpu;
	}
	return instead;
}

/* Of a violation's fields the first one that it has; 0: none. */
static uint64_t any_of(const struct violation *v, const char *const *paths)
{
	const uint64_t *value;

	for (; *paths; paths++)
		if (violation_field(v, PARTS, *paths, strlen(*paths), &value))
			return *value;
	return 0;
}

static bool is_table_of(const struct pvtlb_event *e, const struct focus *f)
{
	return e->id == PVTLB_EV_TABLE_UNHOOK && e->table_unhook.table == f->table;
}

/* What the violation names; where it names no flush, the one after the table was unhooked. */
static void of_violation(struct focus *f, const struct shown *s, const struct violation *v)
{
	static const char *const actors[] = { "release.cpu", "flush.initiator", "call.cpu",
					      "freed.cpu", NULL };

	f->other = v->cpu;
	f->actor = any_of(v, actors);
	f->table = violation_value(v, "table.table");
	f->unhooked = violation_value(v, "unhook.at");
	f->flush = violation_value(v, "flush.end") ? violation_value(v, "flush.begin") : 0;
	if (f->table == 0 && violation_value(v, "cached.table"))
		f->table = violation_value(v, "cached.target");
	for (size_t i = f->from; i < f->until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		if (!f->unhooked && f->table && is_table_of(e, f))
			f->unhooked = e->seq;
		if (!f->flush && e->id == PVTLB_EV_FLUSH_BEGIN && e->cpu == f->actor &&
		    e->seq > f->unhooked)
			f->flush = e->seq;
	}
}

static void of_flush(struct focus *f, const struct chosen_flush *c)
{
	f->from = c->from;
	f->actor = c->actor;
	f->other = c->other;
	f->flush = c->begin;
	f->table = c->table;
	f->unhooked = c->unhooked;
}

/* Is it about the table, once that is out: put to use again, or gone? */
static bool ends_table(const struct focus *f, const struct pvtlb_event *e)
{
	return (e->id == PVTLB_EV_TABLE_HOOK && e->table_hook.table == f->table) ||
	       (e->id == PVTLB_EV_TABLE_FREE && e->table_free.table == f->table);
}

static bool ends_other(const struct focus *f, const struct pvtlb_event *e)
{
	return e->cpu == f->other && (e->id == PVTLB_EV_WALK_END || e->id == PVTLB_EV_ACCESS);
}

/*
 * The story is over when the flush is, the table is put to use again, or gone, and the other has
 * ended its walk, or looked; of a violation, when in addition all that it names has happened.
 */
static void find_end(struct focus *f, const struct shown *s)
{
	bool flushed = !f->flush, table = !f->table, other = f->other == f->actor;
	uint64_t last = s->violation ? violation_found(s->violation) : 0;

	if (!f->flush && !last)
		return;
	for (size_t i = f->from; i < f->until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		if (e->seq == f->flush)
			f->mm = e->flush_begin.mm;
		if (e->seq <= f->flush)
			continue;
		flushed |= e->id == PVTLB_EV_FLUSH_END && e->cpu == f->actor;
		table |= flushed && ends_table(f, e);
		other |= ends_other(f, e);
		if (last ? e->seq >= last && other : flushed && table && other) {
			f->until = i + 1;
			return;
		}
	}
}

void focus_make(struct focus *f, const struct shown *s)
{
	static const unsigned int acts[] = { PVTLB_EV_FLUSH_BEGIN, PVTLB_EV_TABLE_UNHOOK,
					     PVTLB_EV_PTE_SET, 0 };
	static const unsigned int does[] = { PVTLB_EV_HELD,
					     PVTLB_EV_WALK_BEGIN,
					     PVTLB_EV_LAZY,
					     PVTLB_EV_FLUSHED,
					     PVTLB_EV_FLUSH_FUNC,
					     PVTLB_EV_ACCESS,
					     0 };
	struct chosen_flush chosen;

	*f = (struct focus){ 0 };
	find_trial(f, &s->stream, s->violation ? s->violation->trial : 0);
	if (s->violation) {
		of_violation(f, s, s->violation);
	} else {
		chosen = flushes_choose(&s->stream, f->from, f->until);
		if (chosen.begin)
			of_flush(f, &chosen);
		else
			f->actor = f->other = who(f, &s->stream, acts, ~0u, 0);
	}
	if (f->other == f->actor)
		f->other = who(f, &s->stream, does, f->actor, f->actor);
	find_end(f, s);
}
