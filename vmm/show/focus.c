/* SPDX-License-Identifier: GPL-2.0-only */
/* What of a run a story is about: which events, which CPUs, which page table. */
#include <string.h>

#include "oracle/describe.h"
#include "oracle/search.h"
#include "oracle/violation.h"
#include "show/focus.h"

/* Fields of violations that say who changed the mm, the first that there is. */
static const char *const actors[] = { "release.cpu", "flush.initiator", "call.cpu", "freed.cpu" };

static bool is_new_trial(const struct pvtlb_event *e, uint64_t trial)
{
	return e->id == PVTLB_EV_TRIAL && e->trial.trial != trial;
}

/* The trial, from where it begins; without one, all there is. */
static void find_trial(struct focus *f, const struct event_stream *stream, uint64_t trial)
{
	size_t i = 0;

	while (i < stream->nr && !(stream->event[i].id == PVTLB_EV_TRIAL &&
				   stream->event[i].trial.trial == trial))
		i++;
	f->from = i < stream->nr ? i : 0;
	for (i = f->from; i < stream->nr && !is_new_trial(&stream->event[i], trial); i++)
		;
	f->until = f->trial_until = i;
}

/* The first event of that kind in the trial; by: of that CPU, or ~0: of any; not: of none but. */
static const struct pvtlb_event *first(const struct focus *f, const struct event_stream *stream,
				       unsigned int id, unsigned int not)
{
	for (size_t i = f->from; i < f->until; i++)
		if (stream->event[i].id == id && stream->event[i].cpu != not)
			return &stream->event[i];
	return NULL;
}

static void find_actor(struct focus *f, const struct shown *s)
{
	static const unsigned int acts[] = { PVTLB_EV_TABLE_UNHOOK, PVTLB_EV_FLUSH_BEGIN,
					     PVTLB_EV_PTE_SET };
	const uint64_t *value;

	for (size_t i = 0; s->violation && i < sizeof(actors) / sizeof(actors[0]); i++)
		if (violation_field(s->violation, PARTS, actors[i], strlen(actors[i]), &value)) {
			f->actor = *value;
			return;
		}
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		const struct pvtlb_event *e = first(f, &s->stream, acts[i], ~0u);

		if (!e)
			continue;
		f->actor = e->cpu;
		return;
	}
}

static void find_other(struct focus *f, const struct shown *s)
{
	static const unsigned int does[] = { PVTLB_EV_HELD,    PVTLB_EV_WALK_BEGIN,
					     PVTLB_EV_LAZY,    PVTLB_EV_FLUSH_FUNC,
					     PVTLB_EV_FLUSHED, PVTLB_EV_ACCESS };

	f->other = s->violation ? s->violation->cpu : f->actor;
	for (size_t i = 0; f->other == f->actor && i < sizeof(does) / sizeof(does[0]); i++) {
		const struct pvtlb_event *e = first(f, &s->stream, does[i], f->actor);

		if (e)
			f->other = e->cpu;
	}
}

/* The violation's, or the first one taken out: the table, then the flush for it, then the sync. */
static void find_course(struct focus *f, const struct shown *s)
{
	const struct pvtlb_event *unhook = first(f, &s->stream, PVTLB_EV_TABLE_UNHOOK, ~0u);
	uint64_t after = unhook ? unhook->seq : 0;
	const uint64_t *value;

	f->table = unhook ? unhook->table_unhook.table : 0;
	if (s->violation && violation_field(s->violation, PARTS, "table.table", 11, &value))
		f->table = *value;
	if (s->violation && violation_field(s->violation, PARTS, "unhook.at", 9, &value) && *value)
		after = *value;
	for (size_t i = f->from; i < f->until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		if (e->seq < after)
			continue;
		if (e->cpu == f->actor && e->id == PVTLB_EV_FLUSH_BEGIN && !f->flush)
			f->flush = e->seq;
		else if (e->cpu == f->actor && e->id == PVTLB_EV_FLUSH_END && f->flush &&
			 !f->flushed)
			f->flushed = e->seq;
		else if (e->cpu == f->other && e->id == PVTLB_EV_IRQ_ENTRY && f->flush &&
			 !f->flushed && !f->interrupted)
			f->interrupted = e->seq;
		else if (e->cpu == f->actor && e->id == PVTLB_EV_SYNC && !f->sync)
			f->sync = e;
	}
}

/* Is it about the table, once that is out: put to use again, or gone? */
static bool ends_table(const struct focus *f, const struct pvtlb_event *e)
{
	return (e->id == PVTLB_EV_TABLE_HOOK && e->table_hook.table == f->table) ||
	       (e->id == PVTLB_EV_TABLE_FREE && e->table_free.table == f->table);
}

static bool ends_other(const struct focus *f, const struct pvtlb_event *e)
{
	return e->cpu == f->other &&
	       (e->id == PVTLB_EV_WALK_END || e->id == PVTLB_EV_ACCESS);
}

/*
 * The story is over when the table is put to use again, or gone, and the other has ended its walk,
 * or looked; of a violation, when in addition all that it names has happened.
 */
static void find_end(struct focus *f, const struct shown *s)
{
	bool table = !f->table, other = f->other == f->actor;
	uint64_t last = s->violation ? violation_found(s->violation) : f->flushed;

	for (size_t i = f->from; f->flushed && i < f->until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		table |= e->seq > f->flushed && ends_table(f, e);
		other |= e->seq > f->flush && ends_other(f, e);
		if (s->violation ? e->seq > last && other : e->seq > last && table && other) {
			f->until = i + 1;
			return;
		}
	}
}

void focus_make(struct focus *f, const struct shown *s)
{
	*f = (struct focus){ 0 };
	find_trial(f, &s->stream, s->violation ? s->violation->trial : 0);
	find_actor(f, s);
	find_other(f, s);
	find_course(f, s);
	find_end(f, s);
}
