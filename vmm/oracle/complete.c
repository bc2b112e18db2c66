/* SPDX-License-Identifier: GPL-2.0-only */
/* What a stream tells of the events that a violation names, filled into the violation. */
#include "oracle/cpuset.h"
#include "oracle/describe.h"
#include "oracle/search.h"
#include "oracle/tables.h"

struct found {
	const struct event_stream *stream;
	struct violation *v;
};

/* The line that emitted the event with that number; all 0 if it is not known. */
static struct pvtlb_source source(const struct found *f, uint64_t seq)
{
	const struct sources *sources = f->stream->sources;
	uint32_t number = event_of(f->stream, seq)->source;

	if (!sources || !number || number > sources->nr)
		return (struct pvtlb_source){ 0 };
	return sources->at[number - 1];
}

static void walk(const struct found *f, struct part_walk *walk)
{
	const struct pvtlb_event *begin = event_of(f->stream, walk->begin);

	walk->kind = begin->walk_begin.kind;
	walk->irqs_off = begin->walk_begin.irqs_off;
	walk->end =
		event_first(f->stream, PVTLB_EV_WALK_END, f->v->cpu, walk->begin, UINT64_MAX)->seq;
	walk->source = source(f, walk->begin);
}

static void table(const struct found *f, struct part_table *table)
{
	const struct part_unhook *unhook = violation_part(f->v, PART_UNHOOK);
	const struct part_use *use = violation_part(f->v, PART_USE);

	if (unhook->at)
		table->shift = event_of(f->stream, unhook->at)->table_unhook.shift;
	else if (use && event_of(f->stream, use->at)->id == PVTLB_EV_WALK_LOAD)
		table->shift = event_of(f->stream, use->at)->walk_load.shift;
}

static void unhook(const struct found *f, struct part_unhook *unhook)
{
	const struct pvtlb_event *e = event_of(f->stream, unhook->at);

	unhook->cpu = e->cpu;
	unhook->mm = e->table_unhook.mm;
	unhook->addr = e->table_unhook.addr;
	unhook->source = source(f, unhook->at);
}

static void flush(const struct found *f, struct part_flush *flush)
{
	const struct pvtlb_event *e = event_of(f->stream, flush->begin);

	flush->mm = e->flush_begin.mm;
	flush->tlb_gen = e->flush_begin.tlb_gen;
}

/* One that was sent may have been sent to others than the walker. */
static void sync(const struct found *f, struct part_sync *sync)
{
	const struct ev_sync *e = &event_of(f->stream, sync->at)->sync;

	sync->rcu = e->rcu;
	sync->missed = violation_part(f->v, PART_WALK) && sync->at && !sync->skipped &&
		       f->v->cpu < CPUS && !set_test(e->cpus.bits, f->v->cpu);
	sync->source = source(f, sync->at);
}

/* What an RCU walk relies on. */
static void grace(const struct found *f, struct part_grace *grace)
{
	const struct part_unhook *unhook = violation_part(f->v, PART_UNHOOK);
	const struct part_release *release = violation_part(f->v, PART_RELEASE);

	grace->at =
		event_first(f->stream, PVTLB_EV_GRACE, release->cpu, unhook->at, release->at)->seq;
}

static void release(const struct found *f, struct part_release *release)
{
	const struct pvtlb_event *e = event_of(f->stream, release->at);

	if (release->as == RELEASED_UNSHARED)
		release->owner = e->table_own.mm;
	release->source = source(f, release->at);
}

static uint64_t *fate(struct part_later *later, uint16_t id)
{
	switch (id) {
	case PVTLB_EV_TABLE_DEPOSIT:
		return &later->deposited;
	case PVTLB_EV_TABLE_FREE:
		return &later->freed;
	case PVTLB_EV_TABLE_ALLOC:
		return &later->allocated;
	case PVTLB_EV_TABLE_HOOK:
		return &later->hooked;
	}
	return NULL;
}

/* What else became of the table before the walk went through it: the first time of each. */
static void later(const struct found *f, struct part_later *later)
{
	const struct part_table *table = violation_part(f->v, PART_TABLE);
	const struct part_release *release = violation_part(f->v, PART_RELEASE);
	const struct part_use *use = violation_part(f->v, PART_USE);

	for (size_t i = event_place(f->stream, release->at + 1); i < f->stream->nr; i++) {
		const struct pvtlb_event *e = &f->stream->event[i];
		uint64_t *at = fate(later, e->id), gen;

		if (e->seq > use->at)
			break;
		if (!at || *at || event_table(e, &gen) != table->table)
			continue;
		*at = e->seq;
		if (e->id == PVTLB_EV_TABLE_HOOK)
			later->mm = e->table_hook.mm;
	}
}

static void use(const struct found *f, struct part_use *use)
{
	const struct part_release *release = violation_part(f->v, PART_RELEASE);
	const struct pvtlb_event *e = event_of(f->stream, release->at);

	use->poison = e->id == PVTLB_EV_TABLE_FREE && e->table_free.poison == use->entry;
	use->source = source(f, use->at);
}

static void took(const struct found *f, struct part_took *took)
{
	took->source = source(f, took->at);
}

/* Where the store was made that put it there. */
static void entry(const struct found *f, struct part_entry *entry)
{
	entry->source = source(f, entry->set);
}

static void cached(const struct found *f, struct part_cached *cached)
{
	cached->source = source(f, cached->set);
}

static void access(const struct found *f, struct part_access *access)
{
	access->since = event_of(f->stream, access->at)->access.since;
}

/* Which interrupt the CPU took while the flush was under way. */
static void interrupt(const struct found *f, struct part_interrupt *interrupt)
{
	const struct part_flush *flush = violation_part(f->v, PART_FLUSH);
	const struct pvtlb_event *e = event_of(f->stream, interrupt->at);

	if (flush)
		e = event_first(f->stream, PVTLB_EV_IRQ_ENTRY, f->v->cpu, flush->begin, flush->end);
	interrupt->at = e->seq;
	interrupt->vector = e->irq_entry.vector;
}

static void func(const struct found *f, struct part_func *func)
{
	const struct part_flush *flush = violation_part(f->v, PART_FLUSH);

	func->end =
		event_first(f->stream, PVTLB_EV_FLUSH_FUNC, f->v->cpu, flush->end, UINT64_MAX)->seq;
}

static void was_held(struct part_held *held, uint64_t from, uint64_t to)
{
	if (held->from) {
		held->more++;
		return;
	}
	held->from = from;
	held->to = to;
}

/* When the VMM held the CPU meanwhile: from HELD to RESUMED. */
static void held(const struct found *f, struct part_held *held)
{
	uint64_t from = violation_value(f->v, violation_rules[f->v->kind].from);
	uint64_t until = violation_value(f->v, violation_rules[f->v->kind].until);
	uint64_t since = 0;

	for (size_t i = 0; i < f->stream->nr; i++) {
		const struct pvtlb_event *e = &f->stream->event[i];

		if (!since && e->seq > until)
			return;
		if (e->cpu != f->v->cpu)
			continue;
		if (e->id == PVTLB_EV_HELD) {
			since = e->seq;
		} else if (e->id == PVTLB_EV_RESUMED && since) {
			if (e->seq >= from)
				was_held(held, since, e->seq);
			since = 0;
		}
	}
	if (since)
		was_held(held, since, 0);
}

#define PAGE 4096u
#define ALL  (~0ull)

/* Pages of one range that are in the other; 0 where either is all of memory. */
static uint64_t pages_in(const struct ev_served *served, const struct ev_flush_begin *of)
{
	uint64_t start = served->start > of->start ? served->start : of->start;
	uint64_t end = served->end < of->end ? served->end : of->end;

	return of->end != ALL && start < end ? (end - start) / PAGE : 0;
}

/* What the hypervisor says that it has done, of one that is or is not for the violation's CPU. */
static void note_served(const struct found *f, struct part_served *served,
			const struct ev_flush_begin *of, const struct pvtlb_event *e)
{
	const struct part_flush *flush = violation_part(f->v, PART_FLUSH);

	if (!set_test(e->served.cpus.bits, f->v->cpu)) {
		if (!served->other && e->seq < flush->end)
			served->other = e->seq;
	} else if (e->seq > flush->end) {
		if (!served->late)
			served->late = e->seq;
	} else if (served->at) {
		served->more++;
		served->pages += pages_in(&e->served, of);
	} else {
		served->at = e->seq;
		served->start = e->served.start;
		served->end = e->served.end;
		served->pages = pages_in(&e->served, of);
	}
}

/* For the flush: by its end, or after it and before the same CPU's next one. */
static void served(const struct found *f, struct part_served *served)
{
	const struct part_flush *flush = violation_part(f->v, PART_FLUSH);
	const struct ev_flush_begin *of = &event_of(f->stream, flush->begin)->flush_begin;
	size_t i = flush->begin ? event_place(f->stream, flush->begin + 1) : f->stream->nr;

	if (flush->begin && f->v->cpu < CPUS && of->end != ALL && of->end > of->start)
		served->of = (of->end - of->start) / PAGE;
	for (; f->v->cpu < CPUS && i < f->stream->nr; i++) {
		const struct pvtlb_event *e = &f->stream->event[i];

		if (e->cpu != flush->initiator)
			continue;
		if (e->id == PVTLB_EV_FLUSH_BEGIN)
			break;
		if (e->id == PVTLB_EV_SERVED) {
			note_served(f, served, of, e);
		} else if (e->id == PVTLB_EV_SERVE && e->seq < flush->end && !served->begun) {
			served->begun = e->seq;
			served->with_cpu = set_test(e->serve.cpus.bits, f->v->cpu);
		}
	}
	/* Ranges may be served twice. */
	if (served->pages > served->of)
		served->pages = served->of;
}

static void complete(const struct found *f, enum part_id id)
{
	void *part = violation_part(f->v, id);

	switch (id) {
	case PART_WALK:
		return walk(f, part);
	case PART_TABLE:
		return table(f, part);
	case PART_UNHOOK:
		return unhook(f, part);
	case PART_FLUSH:
		return flush(f, part);
	case PART_SYNC:
		return sync(f, part);
	case PART_GRACE:
		return grace(f, part);
	case PART_RELEASE:
		return release(f, part);
	case PART_LATER:
		return later(f, part);
	case PART_USE:
		return use(f, part);
	case PART_TOOK:
		return took(f, part);
	case PART_ACCESS:
		return access(f, part);
	case PART_INTERRUPT:
		return interrupt(f, part);
	case PART_FUNC:
		return func(f, part);
	case PART_HELD:
		return held(f, part);
	case PART_ENTRY:
		return entry(f, part);
	case PART_CACHED:
		return cached(f, part);
	case PART_SERVED:
		return served(f, part);
	case PART_POINTER: /* all of it is known to the column */
	case PART_CALL:
	case PART_FREED:
	case PART_BACK:
	case PART_ASK:
	case PART_SAID:
	case PART_TAG:
	case PART_GRAB:
	case PARTS:
		return;
	}
}

void violations_complete(struct violations *all, const struct event_stream *stream)
{
	/* Each of them goes through the stream, some several times. */
	for (unsigned int i = 0; i < all->kept && !event_stream_over(stream); i++) {
		const struct found f = { stream, &all->v[i] };

		for (const enum part_id *id = violation_rules[f.v->kind].part; *id != PARTS; id++)
			complete(&f, *id);
	}
}
