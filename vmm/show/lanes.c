/* SPDX-License-Identifier: GPL-2.0-only */
/* A stretch of events as a picture has it: spans on CPUs' lanes, arrows between them. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "events/value.h"
#include "show/lanes.h"

typedef unsigned long long ull;

const char *const span_names[SPAN_KINDS] = {
	[SPAN_WALK] = "walk", [SPAN_LEVEL] = "level", [SPAN_HELD] = "held", [SPAN_FLUSH] = "flush",
	[SPAN_IRQ] = "irq",   [SPAN_WAKE] = "wake",   [SPAN_LAZY] = "lazy",
};

const char *const arrow_names[ARROW_KINDS] = {
	[ARROW_IPI] = "ipi",
	[ARROW_WAKE] = "wake",
	[ARROW_CALL] = "call",
};

/* Which events begin and end a span of a kind; a level ends with the next one, too. */
static const struct edge {
	uint16_t begins, ends;
} edges[SPAN_KINDS] = {
	[SPAN_WALK] = { PVTLB_EV_WALK_BEGIN, PVTLB_EV_WALK_END },
	[SPAN_LEVEL] = { PVTLB_EV_WALK_NEXT, PVTLB_EV_WALK_END },
	[SPAN_HELD] = { PVTLB_EV_HELD, PVTLB_EV_RESUMED },
	[SPAN_FLUSH] = { PVTLB_EV_FLUSH_BEGIN, PVTLB_EV_FLUSH_END },
	[SPAN_IRQ] = { PVTLB_EV_IRQ_ENTRY, PVTLB_EV_IRQ_EXIT },
	[SPAN_WAKE] = { PVTLB_EV_IRQ_ENTRY, PVTLB_EV_IRQ_EXIT },
	[SPAN_LAZY] = { PVTLB_EV_LAZY, PVTLB_EV_SWITCH_MM },
};

static void label(struct span *span, const struct pvtlb_event *e)
{
	char size[SIZE_TEXT_MAX];

	switch (span->kind) {
	case SPAN_WALK:
		span->irqs_off = e->walk_begin.irqs_off;
		snprintf(span->label, LANE_LABEL, "%s of mm %llu, IRQs %s",
			 e->walk_begin.kind == PVTLB_WALK_RCU ? "RCU walk" : "gup-fast",
			 (ull)e->walk_begin.mm, span->irqs_off ? "off" : "on");
		break;
	case SPAN_LEVEL:
		snprintf(span->label, LANE_LABEL, "%s", size_text(e->walk_next.shift, size));
		break;
	case SPAN_FLUSH:
		snprintf(span->label, LANE_LABEL, "flush mm %llu, gen %llu%s",
			 (ull)e->flush_begin.mm, (ull)e->flush_begin.tlb_gen,
			 e->flush_begin.wake_lazy ? ", lazy too" : "");
		break;
	case SPAN_WAKE:
		snprintf(span->label, LANE_LABEL, "woken: no flush (irq %#llx)",
			 (ull)e->irq_entry.vector);
		break;
	case SPAN_IRQ:
		snprintf(span->label, LANE_LABEL, "irq %#llx", (ull)e->irq_entry.vector);
		break;
	default:
		snprintf(span->label, LANE_LABEL, "%s", span_names[span->kind]);
	}
}

/* Of each CPU and kind the span that is open, by its place plus 1; 0: none. */
struct open {
	size_t at[PVTLB_MAX_CPUS][SPAN_KINDS];
};

static bool span_begins(const struct pvtlb_event *e, enum span_kind kind)
{
	if (e->id != edges[kind].begins)
		return false;
	return e->id != PVTLB_EV_IRQ_ENTRY ||
	       (kind == SPAN_WAKE) == (e->irq_entry.vector == PVTLB_WAKE_VECTOR);
}

static void spans_event(struct lanes *l, struct open *open, const struct pvtlb_event *e, size_t i)
{
	for (unsigned int kind = 0; kind < SPAN_KINDS; kind++) {
		size_t *at = &open->at[e->cpu][kind];
		bool begins = span_begins(e, kind);

		if (*at && (begins || e->id == edges[kind].ends)) {
			l->span[*at - 1].to = i;
			*at = 0;
		}
		if (!begins)
			continue;
		l->span = grow(l->span, l->nr_spans, sizeof(*l->span));
		l->span[l->nr_spans] = (struct span){
			.cpu = e->cpu, .kind = kind, .from = i, .to = l->until - 1
		};
		label(&l->span[l->nr_spans], e);
		*at = ++l->nr_spans;
	}
}

static void arrow_add(struct lanes *l, size_t from, size_t to, enum arrow_kind kind)
{
	l->arrow = grow(l->arrow, l->nr_arrows, sizeof(*l->arrow));
	l->arrow[l->nr_arrows++] = (struct arrow){ from, to, kind };
}

/* The CPU's next event of that kind, with that first argument if it matters; until: none. */
static size_t next_of(const struct lanes *l, const struct event_stream *stream, size_t from,
		      unsigned int cpu, unsigned int id, const uint64_t *arg)
{
	/* What is sent is taken soon, or not at all: a look as far as that keeps this linear. */
	size_t end = l->until - from > 4096 ? from + 4096 : l->until;

	for (size_t i = from; i < end; i++)
		if (stream->event[i].cpu == cpu && stream->event[i].id == id &&
		    (!arg || stream->event[i].arg[0] == *arg))
			return i;
	return l->until;
}

static void arrows_event(struct lanes *l, const struct event_stream *stream, size_t i)
{
	const struct pvtlb_event *e = &stream->event[i];
	size_t to;

	if (e->id == PVTLB_EV_IPI_SEND) {
		to = next_of(l, stream, i, e->ipi_send.cpu, PVTLB_EV_IRQ_ENTRY,
			     &e->ipi_send.vector);
		if (to < l->until)
			arrow_add(l, i, to,
				  e->ipi_send.vector == PVTLB_WAKE_VECTOR ? ARROW_WAKE : ARROW_IPI);
	}
	for (unsigned int cpu = 0; e->id == PVTLB_EV_SERVED && cpu < l->cpus; cpu++) {
		if (!(e->served.cpus.bits[cpu / 64] >> (cpu % 64) & 1) || cpu == e->cpu)
			continue;
		to = next_of(l, stream, i, cpu, PVTLB_EV_FLUSHED, NULL);
		if (to < l->until)
			arrow_add(l, i, to, ARROW_CALL);
	}
}

void lanes_make(struct lanes *l, const struct shown *s, size_t from, size_t until)
{
	struct open *open = calloc(1, sizeof(*open));

	if (!open)
		abort();
	*l = (struct lanes){ .from = from,
			     .until = until,
			     .cpus = s->run->config.cpus,
			     .bars.last = until - 1 };
	for (size_t i = from; i < until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		if (e->cpu >= PVTLB_MAX_CPUS)
			continue;
		if (e->cpu >= l->cpus)
			l->cpus = e->cpu + 1;
		spans_event(l, open, e, i);
		arrows_event(l, &s->stream, i);
		bars_event(&l->bars, e, i, s->violation);
	}
	free(open);
}

void lanes_free(struct lanes *l)
{
	bars_free(&l->bars);
	free(l->span);
	free(l->arrow);
}
