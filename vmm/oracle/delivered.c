/* SPDX-License-Identifier: GPL-2.0-only */
/* The delivered column: whom a flush interrupted, and whether it waited for all it was for. */
#include <stdlib.h>
#include <string.h>

#include "oracle/column.h"
#include "oracle/cpus.h"
#include "oracle/cpuset.h"
#include "oracle/delivered.h"
#include "oracle/map.h"
#include "oracle/served.h"
#include "oracle/walkers.h"

/* Whom the flush that a CPU is in is for. */
struct targets {
	bool multi;
	bool all; /* the mm is in transition: the whole mask is */
	bool native; /* its hypercall came to nothing: the backend sends IPIs instead */
	uint64_t tlb_gen;
	uint64_t mask[WORDS]; /* the flush's, the initiator included */
	uint64_t target[WORDS], interrupted[WORDS];
	uint64_t by_other[WORDS]; /* of these, by an IPI that was not of this flush, and no more */
	uint64_t flushed[WORDS];  /* have done this very flush, whoever interrupted them for it */
	uint64_t elided[WORDS];	  /* left out, says the initiator, as they were preempted */
	uint64_t extra[WORDS];	  /* those that are targets only because of all */
};

/* flush_tlb_func() that has begun on a CPU, for the flush with these arguments. */
struct enter {
	uint64_t seq; /* 0: none */
	uint64_t mm, tlb_gen, initiator;
};

struct state {
	struct column column;
	struct delivered *out;
	struct cpus cpus;
	struct targets targets[CPUS];
	struct enter enter[CPUS];
	struct served served[CPUS];
	bool serves; /* the hypervisor says what it does: somebody of ours plays it */
	uint64_t in_irq[WORDS]; /* between IRQ_ENTRY and IRQ_EXIT */
	struct walkers walkers;
	struct map transition; /* mm: is it on its way to a global ASID? */
	struct map sent; /* (CPU, vector): an IPI on its way, its event times CPUS plus its CPU */
	enum interrupts promise;
};

/* The CPU is no longer one that the flush has to reach, unless it has to reach them all. */
static void drop(struct targets *t, unsigned int cpu)
{
	if (t->all)
		set_add(t->extra, cpu);
	else
		set_clear(t->target, cpu);
}

/* Need the flush not reach the CPU, as things are? A lazy one is woken for tables only. */
static bool exempt(const struct cpu *cpu, const struct flush *flush)
{
	return (cpu->loaded != ANY_MM && cpu->loaded != flush->mm) || (cpu->lazy && !flush->tables);
}

static void multi(struct state *s, const struct pvtlb_event *e)
{
	const struct flush *flush = &s->cpus.cpu[e->cpu].flush;
	struct targets *t = &s->targets[e->cpu];
	const uint64_t *transition = map_find(&s->transition, flush->mm, 0, &s->column);

	if (!flush->open)
		return;
	t->multi = true;
	t->all = transition && *transition;
	memset(t->extra, 0, sizeof(t->extra));
	memcpy(t->mask, e->flush_multi.cpus.bits, sizeof(t->mask));
	memcpy(t->target, t->mask, sizeof(t->target));
	set_clear(t->target, e->cpu);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		if (exempt(&s->cpus.cpu[cpu], flush))
			drop(t, cpu);
}

/* Whom else the flushes under way are not for, now that a CPU switches or becomes lazy. */
static void leave(struct state *s, const struct pvtlb_event *e)
{
	const struct cpu *cpu = &s->cpus.cpu[e->cpu];

	for (unsigned int i = 0; i < CPUS; i++) {
		struct targets *t = &s->targets[i];

		if (e->id == PVTLB_EV_LAZY && s->cpus.cpu[i].flush.tables)
			continue;
		/* A lazy CPU goes to init_mm because the flush did reach it. */
		if (e->id == PVTLB_EV_SWITCH_MM && cpu->lazy && set_test(t->interrupted, e->cpu))
			continue;
		drop(t, e->cpu);
	}
}

static void asid(struct state *s, const struct ev_asid *e)
{
	*map_add(&s->transition, e->mm, 0, &s->column) = e->transition;
	for (unsigned int i = 0; i < CPUS && !e->transition; i++) {
		struct targets *t = &s->targets[i];

		if (!t->all || s->cpus.cpu[i].flush.mm != e->mm)
			continue;
		t->all = false;
		for (unsigned int w = 0; w < WORDS; w++)
			t->target[w] &= ~t->extra[w];
	}
}

static void ipi_send(struct state *s, const struct pvtlb_event *e)
{
	*map_add(&s->sent, e->ipi_send.cpu, e->ipi_send.vector, &s->column) =
		e->seq * CPUS + e->cpu;
}

/*
 * An interrupt says that the CPU had IRQs on, whoever sent it. Against a backend that is to
 * interrupt nobody it counts if it may be the flush's: not if it is an IPI that was sent
 * before, or by another CPU.
 */
static void interrupt(struct state *s, const struct pvtlb_event *e)
{
	uint64_t *ipi = map_find(&s->sent, e->cpu, e->irq_entry.vector, &s->column);
	uint64_t sent = ipi ? *ipi : 0;

	if (ipi)
		*ipi = 0;
	set_add(s->in_irq, e->cpu);
	for (unsigned int i = 0; i < CPUS; i++) {
		struct targets *t = &s->targets[i];
		bool other = sent && (sent / CPUS < s->cpus.cpu[i].flush.begin || sent % CPUS != i);

		if (!s->cpus.cpu[i].flush.open)
			continue;
		if (!other)
			set_clear(t->by_other, e->cpu);
		else if (!set_test(t->interrupted, e->cpu))
			set_add(t->by_other, e->cpu);
		set_add(t->interrupted, e->cpu);
	}
}

/*
 * A CPU that is in an interrupt when a flush begins may find the flush's function in its queue
 * before it is through, and is not sent another one. It had IRQs on: it is as good as
 * interrupted, though by somebody else.
 */
static void begin(struct state *s, const struct pvtlb_event *e)
{
	struct targets *t = &s->targets[e->cpu];

	*t = (struct targets){ .tlb_gen = e->flush_begin.tlb_gen };
	memcpy(t->interrupted, s->in_irq, sizeof(t->interrupted));
	memcpy(t->by_other, s->in_irq, sizeof(t->by_other));
	served_reset(&s->served[e->cpu]);
}

/* Was the target told of the flush: by an interrupt, by what it did, by leave, by hypercall? */
static bool reached(struct state *s, const struct flush *flush, unsigned int initiator,
		    unsigned int cpu)
{
	const struct targets *t = &s->targets[initiator];

	if (set_test(t->elided, cpu) || set_test(t->flushed, cpu) ||
	    (set_test(t->interrupted, cpu) && !set_test(t->by_other, cpu)))
		return true;
	return served_covers(&s->served[initiator], cpu, flush->start, flush->end, &s->column);
}

static void tell(struct state *s, enum violation_kind kind, unsigned int cpu,
		 const struct flushed *flushed)
{
	struct violation v = { .kind = kind, .cpu = cpu, .mm = flushed->mm };

	violation_set_flush(&v, flushed);
	column_violation(&s->column, &v);
}

/* What the hypervisor has done for the flush, against what the flush was for. */
static void check_served(struct state *s, unsigned int initiator, const struct flushed *flushed)
{
	const struct flush *flush = &s->cpus.cpu[initiator].flush;
	const struct targets *t = &s->targets[initiator];

	for (unsigned int cpu = 0; s->serves && cpu < CPUS; cpu++) {
		/* To be interrupted in a transition is one thing, to be flushed another. */
		if (set_test(t->target, cpu) && !set_test(t->extra, cpu) &&
		    !reached(s, flush, initiator, cpu))
			tell(s, VIOLATION_NOT_SERVED, cpu, flushed);
		if (set_test(s->served[initiator].cpus, cpu) && !set_test(t->mask, cpu))
			tell(s, VIOLATION_OVER_SERVED, cpu, flushed);
	}
}

static void end(struct state *s, const struct pvtlb_event *e)
{
	const struct flush *flush = &s->cpus.cpu[e->cpu].flush;
	struct targets *t = &s->targets[e->cpu];
	const struct flushed flushed = flush_ended(flush, e);
	const enum interrupts promise = t->native ? INTERRUPTS_ALL : s->promise;

	s->out->flushes += flush->open;
	for (unsigned int cpu = 0; cpu < CPUS && flush->open && t->multi; cpu++) {
		bool took = set_test(t->interrupted, cpu);

		if (!set_test(t->target, cpu))
			continue;
		s->out->targets++;
		s->out->interrupted += took;
		if (promise == INTERRUPTS_SOME)
			continue;
		if (promise == INTERRUPTS_RUNNING && set_test(t->elided, cpu))
			continue;
		if (promise != INTERRUPTS_NONE ? took : !took || set_test(t->by_other, cpu))
			continue;
		tell(s, took ? VIOLATION_INTERRUPTED : VIOLATION_NOT_INTERRUPTED, cpu, &flushed);
	}
	if (flush->open && t->multi)
		check_served(s, e->cpu, &flushed);
	*t = (struct targets){ 0 };
	served_reset(&s->served[e->cpu]);
}

static void enter(struct state *s, const struct pvtlb_event *e)
{
	s->enter[e->cpu] = (struct enter){ e->seq, e->flush_enter.mm, e->flush_enter.tlb_gen,
					   e->flush_enter.initiator };
}

static void done(struct state *s, const struct pvtlb_event *e)
{
	struct enter *in = &s->enter[e->cpu];
	unsigned int initiator = e->flush_func.initiator;

	if (initiator < CPUS && s->cpus.cpu[initiator].flush.open &&
	    s->cpus.cpu[initiator].flush.mm == e->flush_func.mm &&
	    s->targets[initiator].tlb_gen == e->flush_func.tlb_gen)
		set_add(s->targets[initiator].flushed, e->cpu);

	if (in->mm == e->flush_func.mm && in->tlb_gen == e->flush_func.tlb_gen)
		in->seq = 0;
}

/* A flush returns: is a CPU still about to do its part of it? */
static void acked_early(struct state *s, const struct pvtlb_event *e)
{
	const struct flush *flush = &s->cpus.cpu[e->cpu].flush;

	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		struct enter *in = &s->enter[cpu];
		struct violation v;

		if (!in->seq || in->mm != e->flush_end.mm ||
		    in->tlb_gen != e->flush_end.tlb_gen || in->initiator != e->cpu)
			continue;
		v = (struct violation){
			.kind = VIOLATION_ACK_EARLY,
			.cpu = cpu,
			.mm = in->mm,
			.ack.flush = { .begin = flush->open ? flush->begin : 0,
				       .end = e->seq,
				       .initiator = e->cpu,
				       .tables = flush->open && flush->tables },
			.ack.func = { .begin = in->seq },
		};
		in->seq = 0;
		column_violation(&s->column, &v);
	}
}

static void event(void *state, const struct pvtlb_event *e)
{
	struct state *s = state;

	switch (e->id) {
	case PVTLB_EV_FLUSH_BEGIN:
		begin(s, e);
		break;
	case PVTLB_EV_IRQ_EXIT:
		set_clear(s->in_irq, e->cpu);
		break;
	case PVTLB_EV_FLUSH_MULTI:
		multi(s, e);
		break;
	case PVTLB_EV_SWITCH_MM:
	case PVTLB_EV_LAZY:
		leave(s, e);
		break;
	case PVTLB_EV_ASID:
		asid(s, &e->asid);
		break;
	case PVTLB_EV_SERVED:
		s->serves = true;
		served_add(&s->served[e->cpu], e, &s->column);
		break;
	case PVTLB_EV_HYPERCALL:
		if (e->hypercall.status)
			s->targets[e->cpu].native = true;
		break;
	case PVTLB_EV_ELIDED:
		if (e->elided.cpu < CPUS && e->elided.why == PVTLB_ELIDED_PREEMPTED)
			set_add(s->targets[e->cpu].elided, e->elided.cpu);
		break;
	case PVTLB_EV_IPI_SEND:
		ipi_send(s, e);
		break;
	case PVTLB_EV_IRQ_ENTRY:
		interrupt(s, e);
		break;
	case PVTLB_EV_FLUSH_ENTER:
		enter(s, e);
		break;
	case PVTLB_EV_FLUSH_FUNC:
		done(s, e);
		break;
	case PVTLB_EV_FLUSH_END:
		acked_early(s, e);
		end(s, e);
		break;
	}
	walkers_event(&s->walkers, e);
	cpus_event(&s->cpus, e);
}

void oracle_delivered(const struct event_stream *stream, enum interrupts promise,
		      struct delivered *out, violation_fn *hit, void *ctx)
{
	struct state *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->column = (struct column){ .bad = &out->bad, .hit = hit, .ctx = ctx };
	s->out = out;
	s->promise = promise;
	*out = (struct delivered){ 0 };
	cpus_init(&s->cpus, &s->column);
	s->walkers.column = &s->column;
	s->walkers.cpus = &s->cpus;
	out->gave_up = !column_run(&s->column, stream, event, s);
	out->walkers = s->walkers.walkers;
	out->walkers_interrupted = s->walkers.interrupted;
	violations_complete(&out->bad, stream);
	walkers_free(&s->walkers);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		served_reset(&s->served[cpu]);
	map_free(&s->transition);
	map_free(&s->sent);
	cpus_free(&s->cpus);
	free(s);
}
