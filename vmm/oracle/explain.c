/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation as a bug report: what led up to it, by event, and the events in between. */
#include <stdarg.h>
#include <stddef.h>

#include "events/value.h"
#include "oracle/tables.h"
#include "oracle/text.h"

/* Events listed: all of them, or so many from either end. */
#define LISTED 40u
#define HELD   4u /* times that the CPU was held by the VMM, at most */

typedef unsigned long long ull;

struct report {
	FILE *to;
	const struct event_stream *stream;
	const struct violation *v;
	uint64_t from, until; /* the events that are listed */
};

typedef void line_fn(const struct report *r);

/* Reading the stream. */

/* Place of the first event with that number or a higher one. */
static size_t place_of(const struct event_stream *stream, uint64_t seq)
{
	size_t from = 0, to = stream->nr;

	while (from < to) {
		size_t i = from + (to - from) / 2;

		if (stream->event[i].seq < seq)
			from = i + 1;
		else
			to = i;
	}
	return from;
}

/* The event with that number; one of which nothing is known when it is not there. */
static const struct pvtlb_event *event_of(const struct report *r, uint64_t seq)
{
	static const struct pvtlb_event none;
	size_t i = place_of(r->stream, seq);

	return i < r->stream->nr && r->stream->event[i].seq == seq ? &r->stream->event[i] : &none;
}

/* The first event of that kind, by that CPU, from one number to another; NULL: none. */
static const struct pvtlb_event *first_of(const struct report *r, enum pvtlb_event_id id,
					  unsigned int cpu, uint64_t from, uint64_t until)
{
	for (size_t i = place_of(r->stream, from); i < r->stream->nr; i++) {
		const struct pvtlb_event *e = &r->stream->event[i];

		if (e->seq > until)
			break;
		if (e->id == id && e->cpu == cpu)
			return e;
	}
	return NULL;
}

/* Lines. */

__attribute__((format(printf, 3, 4))) static void line(const struct report *r, const char *what,
						       const char *fmt, ...)
{
	va_list ap;

	fprintf(r->to, "  %-10s ", what);
	va_start(ap, fmt);
	vfprintf(r->to, fmt, ap);
	va_end(ap);
	fputc('\n', r->to);
}

/* " @ guest/mm/gup.c:37": where the event with that number comes from; "" if that is unknown. */
struct at {
	char text[SOURCE_TEXT_MAX + sizeof(" @ ")];
};

static struct at at_of(const struct report *r, uint64_t seq)
{
	char source[SOURCE_TEXT_MAX];
	struct at at = { "" };

	if (*source_text(r->stream->sources, event_of(r, seq)->source, source))
		snprintf(at.text, sizeof(at.text), " @ %s", source);
	return at;
}

static void walk(const struct report *r)
{
	const struct violation *v = r->v;
	const struct ev_walk_begin *begin = &event_of(r, v->walk)->walk_begin;
	const struct pvtlb_event *end = first_of(r, PVTLB_EV_WALK_END, v->cpu, v->walk, UINT64_MAX);
	char ended[32] = "not ended";

	if (end)
		snprintf(ended, sizeof(ended), "ended at #%llu", (ull)end->seq);
	line(r, "walk", "%s by CPU %u of %#llx of mm %llu, IRQs %s, begun at #%llu, %s%s",
	     begin->kind == PVTLB_WALK_RCU ? "RCU" : "gup-fast", v->cpu, (ull)begin->addr,
	     (ull)begin->mm, begin->irqs_off ? "off" : "on", (ull)v->walk, ended,
	     at_of(r, v->walk).text);
}

static void table(const struct report *r)
{
	const struct violation *v = r->v;
	uint64_t shift = v->unhook ? event_of(r, v->unhook)->table_unhook.shift
				   : event_of(r, v->use)->walk_load.shift;
	char size[SIZE_TEXT_MAX];

	line(r, "table", "%#llx, generation %llu, through it %s are mapped", (ull)v->table,
	     (ull)v->gen, size_text(shift, size));
}

static void pointer(const struct report *r)
{
	if (r->v->pointer == r->v->walk)
		line(r, "pointer", "came with the walk, #%llu", (ull)r->v->pointer);
	else
		line(r, "pointer", "loaded at #%llu", (ull)r->v->pointer);
}

static void unhooked(const struct report *r)
{
	const struct pvtlb_event *e = event_of(r, r->v->unhook);

	if (r->v->unhook)
		line(r, "unhooked", "at #%llu by CPU %u, from %#llx of mm %llu%s", (ull)e->seq,
		     e->cpu, (ull)e->table_unhook.addr, (ull)e->table_unhook.mm,
		     at_of(r, e->seq).text);
	else
		line(r, "unhooked", "never");
}

static void flush(const struct report *r)
{
	const struct violation *v = r->v;

	if (v->flush_end)
		line(r, "flush", "#%llu to #%llu by CPU %u, of mm %llu, tlb_gen %llu, %s tables",
		     (ull)v->flush_begin, (ull)v->flush_end, v->initiator,
		     (ull)event_of(r, v->flush_begin)->flush_begin.mm,
		     (ull)event_of(r, v->flush_begin)->flush_begin.tlb_gen,
		     v->flush_tables ? "with" : "without");
	else
		line(r, "flush", "none since");
}

static void sync(const struct report *r)
{
	const struct violation *v = r->v;

	if (v->sync)
		line(r, "sync", "#%llu%s by CPU %u, %s%s", (ull)v->sync,
		     event_of(r, v->sync)->sync.rcu ? " (rcu)" : "", v->released_by,
		     v->sync_skipped ? "skipped" : "sent", at_of(r, v->sync).text);
	else
		line(r, "sync", "none by CPU %u since", v->released_by);
}

/* What an RCU walk relies on. */
static void grace(const struct report *r)
{
	const struct violation *v = r->v;
	const struct pvtlb_event *e;

	if (event_of(r, v->walk)->walk_begin.kind != PVTLB_WALK_RCU)
		return;
	e = first_of(r, PVTLB_EV_GRACE, v->released_by, v->unhook, v->release);
	if (e)
		line(r, "grace", "period asked for at #%llu by CPU %u", (ull)e->seq, e->cpu);
	else
		line(r, "grace", "period asked for by CPU %u: none since", v->released_by);
}

static void release(const struct report *r)
{
	const struct violation *v = r->v;
	char whose[48] = "";

	if (v->released_as == PVTLB_EV_TABLE_OWN)
		snprintf(whose, sizeof(whose), "left to mm %llu alone, ",
			 (ull)event_of(r, v->release)->table_own.mm);
	line(r, release_text(v->released_as), "%sat #%llu by CPU %u%s", whose, (ull)v->release,
	     v->released_by, at_of(r, v->release).text);
}

/* What else became of the table before the walk went through it. */
static void later(const struct report *r)
{
	static const struct {
		uint16_t id;
		const char *what;
	} fates[] = {
		{ PVTLB_EV_TABLE_ALLOC, "allocated again" },
		{ PVTLB_EV_TABLE_HOOK, "hooked into mm" },
		{ PVTLB_EV_TABLE_DEPOSIT, "deposited" },
		{ PVTLB_EV_TABLE_FREE, "freed" },
	};
	char text[160] = "";
	size_t len = 0;

	for (size_t i = place_of(r->stream, r->v->release + 1); i < r->stream->nr; i++) {
		const struct pvtlb_event *e = &r->stream->event[i];

		if (e->seq > r->v->use)
			break;
		for (size_t f = 0; f < sizeof(fates) / sizeof(fates[0]); f++) {
			char mm[24] = "";
			uint64_t gen;

			if (e->id != fates[f].id || event_table(e, &gen) != r->v->table)
				continue;
			if (e->id == PVTLB_EV_TABLE_HOOK)
				snprintf(mm, sizeof(mm), " %llu", (ull)e->table_hook.mm);
			if (len < sizeof(text))
				len += snprintf(text + len, sizeof(text) - len, "%s%s%s at #%llu",
						len ? ", " : "", fates[f].what, mm, (ull)e->seq);
		}
	}
	if (len)
		line(r, "later", "%s%s", text, len < sizeof(text) ? "" : " ...");
}

static void used(const struct report *r)
{
	const struct violation *v = r->v;
	const struct pvtlb_event *freed = event_of(r, v->release);
	bool poison = freed->id == PVTLB_EV_TABLE_FREE && freed->table_free.poison == v->value;

	line(r, "used", "at #%llu by CPU %u, which read the entry %#llx%s%s", (ull)v->use, v->cpu,
	     (ull)v->value, poison ? ", the poison of freed tables" : "", at_of(r, v->use).text);
}

static void took(const struct report *r)
{
	line(r, "took", "page %#llx at #%llu%s", (ull)r->v->value, (ull)r->v->use,
	     at_of(r, r->v->use).text);
}

static void entry(const struct report *r)
{
	char text[64];

	line(r, "entry", "%s, since #%llu", pte_text(r->v->pte, text, sizeof(text)),
	     (ull)r->v->pte_set);
}

static void vector(const struct report *r)
{
	line(r, "interrupt", "at #%llu, vector %#llx", (ull)r->v->use, (ull)r->v->value);
}

static void access(const struct report *r)
{
	const struct violation *v = r->v;
	char reached[32] = "";

	if (v->outcome == PVTLB_ACCESS_OK)
		snprintf(reached, sizeof(reached), " %#llx", (ull)v->value);
	line(r, "access", "#%llu by CPU %u, begun after #%llu, %s of %#llx of mm %llu: %s%s",
	     (ull)v->access, v->cpu, (ull)event_of(r, v->access)->access.since,
	     v->op == PVTLB_ACCESS_WRITE ? "write" : "read", (ull)v->addr, (ull)v->mm,
	     outcome_text(v->outcome), reached);
}

/* What interrupts the CPU took while the flush was under way. */
static void interrupts(const struct report *r)
{
	const struct violation *v = r->v;
	const struct pvtlb_event *e =
		first_of(r, PVTLB_EV_IRQ_ENTRY, v->cpu, v->flush_begin, v->flush_end);

	if (e)
		line(r, "interrupt", "of CPU %u at #%llu, vector %#llx", v->cpu, (ull)e->seq,
		     (ull)e->irq_entry.vector);
	else
		line(r, "interrupt", "none of CPU %u meanwhile", v->cpu);
}

static void part(const struct report *r)
{
	const struct violation *v = r->v;
	const struct pvtlb_event *func =
		first_of(r, PVTLB_EV_FLUSH_FUNC, v->cpu, v->flush_end, UINT64_MAX);
	char done[32] = "never done";

	if (func)
		snprintf(done, sizeof(done), "done at #%llu", (ull)func->seq);
	line(r, "part", "of CPU %u, begun at #%llu, %s", v->cpu, (ull)v->enter, done);
}

/* When the VMM held the CPU meanwhile: from HELD to RESUMED. */
static void held(const struct report *r)
{
	const struct event_stream *stream = r->stream;
	uint64_t since = 0;
	unsigned int lines = 0;

	for (size_t i = 0; i < stream->nr && lines < HELD; i++) {
		const struct pvtlb_event *e = &stream->event[i];

		if (!since && e->seq > r->until)
			return;
		if (e->cpu != r->v->cpu)
			continue;
		if (e->id == PVTLB_EV_HELD) {
			since = e->seq;
		} else if (e->id == PVTLB_EV_RESUMED && since) {
			if (e->seq >= r->from) {
				line(r, "held", "CPU %u by the VMM, from #%llu to #%llu", e->cpu,
				     (ull)since, (ull)e->seq);
				lines++;
			}
			since = 0;
		}
	}
	if (since && lines < HELD)
		line(r, "held", "CPU %u by the VMM, from #%llu on", r->v->cpu, (ull)since);
}

static void events(const struct report *r)
{
	size_t from = place_of(r->stream, r->from), to = place_of(r->stream, r->until);
	size_t nr;

	/* Up to the last one, if it is there. */
	if (to < r->stream->nr && r->stream->event[to].seq == r->until)
		to++;
	nr = to > from ? to - from : 0;
	fprintf(r->to, "  events #%llu to #%llu:\n", (ull)r->from, (ull)r->until);
	for (size_t i = 0; i < nr; i++) {
		if (nr > LISTED && i == LISTED / 2) {
			i = nr - LISTED / 2;
			fprintf(r->to, "    ... %zu more ...\n", nr - LISTED);
		}
		fputs("    ", r->to);
		event_print(r->to, &r->stream->event[from + i], r->stream->sources);
	}
}

/* What a report says, by kind: a headline, lines, and the first and the last event it lists. */
#define EVENTS(first, last) offsetof(struct violation, first), offsetof(struct violation, last)
#define USE_AFTER                                                                                  \
	{                                                                                          \
		walk, table, pointer, unhooked, flush, sync, grace, release, later, used, held     \
	}

static const struct kind {
	const char *headline; /* what the CPU did */
	size_t from, until;   /* members of struct violation */
	line_fn *line[12];
} kinds[VIOLATION_KINDS] = {
	[VIOLATION_NOT_INTERRUPTED] = {
		"was not interrupted by a flush that it was a target of",
		EVENTS(flush_begin, flush_end), { flush, interrupts, held },
	},
	[VIOLATION_INTERRUPTED] = {
		"was interrupted in the course of a flush that was to interrupt nobody",
		EVENTS(flush_begin, flush_end), { flush, interrupts, held },
	},
	[VIOLATION_ACK_EARLY] = {
		"had not done its part of a flush when that returned",
		EVENTS(flush_begin, flush_end), { flush, part, held },
	},
	[VIOLATION_NOT_SERVED] = {
		"was neither interrupted by a flush nor flushed, for its whole range, by the hypervisor",
		EVENTS(flush_begin, flush_end), { flush, interrupts, held },
	},
	[VIOLATION_OVER_SERVED] = {
		"was flushed by the hypervisor for a flush that was not for it",
		EVENTS(flush_begin, flush_end), { flush, held },
	},
	[VIOLATION_WALKER_NOT_INTERRUPTED] = {
		"was in a walk that nothing had waited for when a page table was released",
		EVENTS(walk, release), { walk, table, unhooked, flush, sync, release, held },
	},
	[VIOLATION_STALE] = {
		"used a translation that a flush had ended",
		EVENTS(flush_begin, access), { access, flush, entry, held },
	},
	[VIOLATION_USE_AFTER_FREE] = {
		"walked through a page table that had been freed",
		EVENTS(pointer, use), USE_AFTER,
	},
	[VIOLATION_USE_AFTER_DEPOSIT] = {
		"walked through a page table that had been put aside to be used again",
		EVENTS(pointer, use), USE_AFTER,
	},
	[VIOLATION_USE_AFTER_UNSHARE] = {
		"walked through a page table that was another mm's alone",
		EVENTS(pointer, use), USE_AFTER,
	},
	[VIOLATION_WRONG_PAGE] = {
		"took a page, by a walk, that was not mapped there meanwhile",
		EVENTS(walk, use), { walk, took, entry, held },
	},
	[VIOLATION_WALK_INTERRUPTED] = {
		"was interrupted in a walk that was to run with IRQs off",
		EVENTS(walk, use), { walk, vector, held },
	},
	[VIOLATION_NOT_FLUSHED] = {
		"released a page table that hardware may still walk through",
		EVENTS(unhook, release), { table, unhooked, flush, sync, release },
	},
};

static uint64_t member(const struct violation *v, size_t offset)
{
	return *(const uint64_t *)((const char *)v + offset);
}

void violation_report(FILE *to, const struct event_stream *stream, const struct violation *v)
{
	const struct kind *kind = &kinds[v->kind];
	const struct report r = {
		.to = to,
		.stream = stream,
		.v = v,
		.from = member(v, kind->from),
		.until = member(v, kind->until),
	};

	fprintf(to, "%s: CPU %u %s (trial %u, step %u)\n", violation_names[v->kind], v->cpu,
		kind->headline, v->trial, v->step);
	for (line_fn *const *fn = kind->line; *fn; fn++)
		(*fn)(&r);
	events(&r);
}
