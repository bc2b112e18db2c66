/* SPDX-License-Identifier: GPL-2.0-only */
/* What flushes took, and whom they left out and why. */
#include <stdlib.h>
#include <string.h>

#include "oracle/column.h"
#include "oracle/counts.h"
#include "oracle/cpus.h"
#include "oracle/cpuset.h"
#include "oracle/delivered.h"

/* What is known of the flush that a CPU is in. */
struct tally {
	bool multi;
	uint64_t mask[WORDS];	 /* whom it goes to, without the initiator */
	uint64_t reached[WORDS]; /* interrupted, or flushed by the hypervisor */
	/* At one time since FLUSH_MULTI. */
	uint64_t elsewhere[WORDS], lazy[WORDS];
	/* As the initiator says. */
	uint64_t said_preempted[WORDS], said_lazy[WORDS];
	uint64_t hypercalls;
};

struct state {
	struct column column;
	struct counts *out;
	struct cpus cpus;
	struct tally tally[CPUS];
	uint64_t in_irq[WORDS]; /* between IRQ_ENTRY and IRQ_EXIT */
};

/* Who is in an interrupt may take the flush's function along: as in the delivered column. */
static void begin(struct state *s, const struct pvtlb_event *e)
{
	struct tally *t = &s->tally[e->cpu];

	s->out->flushes_unknown += e->flush_begin.start == e->flush_begin.end;
	*t = (struct tally){ 0 };
	memcpy(t->reached, s->in_irq, sizeof(t->reached));
}

/* A reason to leave the CPU out, as things are: the first one stands. */
static void look(struct tally *t, const struct flush *flush, const struct cpu *cpu, unsigned int nr)
{
	if (cpu->loaded != ANY_MM && cpu->loaded != flush->mm) {
		if (!set_test(t->lazy, nr))
			set_add(t->elsewhere, nr);
	} else if (cpu->lazy && !flush->tables) {
		set_add(t->lazy, nr);
	}
}

static void multi(struct state *s, const struct pvtlb_event *e)
{
	struct tally *t = &s->tally[e->cpu];

	t->multi = true;
	memcpy(t->mask, e->flush_multi.cpus.bits, sizeof(t->mask));
	set_clear(t->mask, e->cpu);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		look(t, &s->cpus.cpu[e->cpu].flush, &s->cpus.cpu[cpu], cpu);
}

/* The CPU has switched or become lazy: whichever of the two it was seen as, before or after. */
static void changed(struct state *s, unsigned int cpu)
{
	for (unsigned int i = 0; i < CPUS; i++)
		if (s->tally[i].multi)
			look(&s->tally[i], &s->cpus.cpu[i].flush, &s->cpus.cpu[cpu], cpu);
}

static void elided(struct tally *t, const struct ev_elided *e)
{
	if (e->cpu < CPUS && e->why == PVTLB_ELIDED_PREEMPTED)
		set_add(t->said_preempted, e->cpu);
	if (e->cpu < CPUS && e->why == PVTLB_ELIDED_LAZY)
		set_add(t->said_lazy, e->cpu);
}

static void interrupt(struct state *s, unsigned int cpu)
{
	set_add(s->in_irq, cpu);
	for (unsigned int i = 0; i < CPUS; i++)
		set_add(s->tally[i].reached, cpu);
}

/* As what the CPU was left out, or NULL. What the initiator says needs no guessing. */
static uint64_t *reason(struct counts *out, const struct tally *t, unsigned int cpu)
{
	if (set_test(t->said_preempted, cpu))
		return &out->preempted;
	if (set_test(t->said_lazy, cpu))
		return &out->lazy;
	if (set_test(t->reached, cpu))
		return NULL;
	if (set_test(t->elsewhere, cpu))
		return &out->elsewhere;
	return set_test(t->lazy, cpu) ? &out->lazy : NULL;
}

static void end(struct state *s, const struct pvtlb_event *e)
{
	static const uint64_t nobody[WORDS];
	struct tally *t = &s->tally[e->cpu];

	if (s->cpus.cpu[e->cpu].flush.open) {
		s->out->flushes++;
		if (memcmp(t->mask, nobody, sizeof(nobody))) {
			s->out->remote++;
			s->out->hypercalls += t->hypercalls;
		}
		for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
			uint64_t *why = set_test(t->mask, cpu) ? reason(s->out, t, cpu) : NULL;

			if (why)
				++*why;
		}
	}
	*t = (struct tally){ 0 };
}

static void sync(struct counts *out, const struct ev_sync *e)
{
	out->syncs++;
	out->syncs_skipped += !!e->skipped;
	for (unsigned int w = 0; w < WORDS; w++)
		out->sync_ipis += __builtin_popcountll(e->cpus.bits[w]);
}

static void event(void *state, const struct pvtlb_event *e)
{
	struct state *s = state;
	struct tally *t = &s->tally[e->cpu];

	switch (e->id) {
	case PVTLB_EV_FLUSH_BEGIN:
		begin(s, e);
		break;
	case PVTLB_EV_FLUSH_MULTI:
		multi(s, e);
		break;
	case PVTLB_EV_ELIDED:
		elided(t, &e->elided);
		break;
	case PVTLB_EV_HYPERCALL:
		t->hypercalls++;
		break;
	case PVTLB_EV_SERVED:
		for (unsigned int w = 0; w < WORDS; w++)
			t->reached[w] |= e->served.cpus.bits[w];
		break;
	case PVTLB_EV_SYNC:
		sync(s->out, &e->sync);
		break;
	case PVTLB_EV_WALK_LOST:
		s->out->walks_lost++;
		break;
	case PVTLB_EV_IRQ_ENTRY:
		interrupt(s, e->cpu);
		break;
	case PVTLB_EV_IRQ_EXIT:
		set_clear(s->in_irq, e->cpu);
		break;
	case PVTLB_EV_FLUSH_END:
		end(s, e);
		break;
	}
	cpus_event(&s->cpus, e);
	if (e->id == PVTLB_EV_SWITCH_MM || e->id == PVTLB_EV_LAZY)
		changed(s, e->cpu);
}

void oracle_counts(const struct event_stream *stream, const struct delivered *delivered,
		   struct counts *out)
{
	struct state *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->out = out;
	*out = (struct counts){ .interrupts = delivered->interrupted };
	cpus_init(&s->cpus, &s->column);
	out->gave_up = !column_run(&s->column, stream, event, s);
	cpus_free(&s->cpus);
	free(s);
}
