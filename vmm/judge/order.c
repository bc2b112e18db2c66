/* SPDX-License-Identifier: GPL-2.0-only */
/* The order of the flush's own events: what each CPU did of flushes, trial by trial. */
#include <stdlib.h>
#include <string.h>

#include "base/cpuset.h"
#include "base/grow.h"
#include "judge/order.h"

#define CPUS (PVTLB_MAX_CPUS + 1)

struct maker {
	struct order *order;
	bool flushes[CPUS]; /* from GATHER or FLUSH_BEGIN to FLUSH_END */
	bool told[CPUS];    /* between FLUSH_ENTER and FLUSH_FUNC */
	bool waits[CPUS];   /* in synchronize_rcu(), whose interrupts are none of a flush */
	unsigned int open;  /* flushes */
	bool any;	    /* somebody acts in this step, and who */
	unsigned int whose;
};

#define NAME(id, value, name) [value] = #name,
static const char *const hows[] = { PVTLB_FLUSH_HOWS(NAME) };
static const char *const whys[] = { PVTLB_ELIDEDS(NAME) };
#define OF(names, i) ((i) < sizeof(names) / sizeof(*(names)) && names[i] ? names[i] : "?")

static struct order_step *this_step(struct maker *m)
{
	return &m->order->step[m->order->nr_steps - 1];
}

static void begin_step(struct maker *m, uint64_t trial, uint64_t step)
{
	struct order *o = m->order;

	o->step = grow(o->step, o->nr_steps, sizeof(*o->step));
	/* A flush that is under way belongs to both. */
	if (o->nr_steps && m->open)
		this_step(m)->mixed = true;
	o->step[o->nr_steps++] = (struct order_step){ trial, step, m->open };
	m->any = false;
}

/* It flushes, or calls others: a queue that another one's call is in already gets no interrupt. */
static void acts(struct maker *m, unsigned int cpu)
{
	if (m->any && m->whose != cpu)
		this_step(m)->mixed = true;
	m->any = true;
	m->whose = cpu;
}

static void begin_flush(struct maker *m, unsigned int cpu)
{
	acts(m, cpu);
	m->open += !m->flushes[cpu];
	m->flushes[cpu] = true;
}

static void end_flush(struct maker *m, unsigned int cpu)
{
	m->open -= m->flushes[cpu];
	m->flushes[cpu] = false;
}

static struct pvtlb_cpuset only(uint64_t cpu)
{
	struct pvtlb_cpuset set = { 0 };

	if (cpu < CPUS)
		cpuset_add(&set, cpu);
	return set;
}

static void size_word(char *name, size_t len, const struct ev_flush_begin *f)
{
	const char *wake = f->wake_lazy ? "/wake" : "";

	if (f->shift >= 12 && f->shift < 20)
		snprintf(name, len, "begin%s/%uK", wake, 1u << (f->shift - 10));
	else if (f->shift >= 20 && f->shift < 30)
		snprintf(name, len, "begin%s/%uM", wake, 1u << (f->shift - 20));
	else if (f->shift >= 30 && f->shift < 40)
		snprintf(name, len, "begin%s/%uG", wake, 1u << (f->shift - 30));
	else
		snprintf(name, len, "begin%s/large", wake);
}

/* The event as a word, name of so many bytes and cpus filled in; false: it is none of a flush's. */
static bool word_of(const struct maker *m, const struct pvtlb_event *e, char *name, size_t len,
		    struct pvtlb_cpuset *cpus)
{
	const bool within = m->flushes[e->cpu] || m->told[e->cpu];

	switch (e->id) {
	case PVTLB_EV_GATHER:
		snprintf(name, len, "gather%s%s%s", e->gather.freed_tables ? "/freed" : "",
			 e->gather.unshared_tables ? "/unshared" : "",
			 e->gather.fullmm ? "/fullmm" : "");
		return true;
	case PVTLB_EV_FLUSH_BEGIN:
		size_word(name, len, &e->flush_begin);
		return true;
	case PVTLB_EV_FLUSH_ONLY:
		*cpus = e->flush_only.cpus;
		return snprintf(name, len, "only");
	case PVTLB_EV_FLUSH_MULTI:
		*cpus = e->flush_multi.cpus;
		return snprintf(name, len, "multi");
	case PVTLB_EV_ELIDED:
		*cpus = only(e->elided.cpu);
		return snprintf(name, len, "elided/%s", OF(whys, e->elided.why));
	case PVTLB_EV_IPI_SEND:
		*cpus = only(e->ipi_send.cpu);
		snprintf(name, len, "ipi");
		return e->ipi_send.vector != PVTLB_WAKE_VECTOR && !m->waits[e->cpu];
	case PVTLB_EV_ASK:
		*cpus = e->ask.cpus;
		return snprintf(name, len, "ask");
	case PVTLB_EV_FLUSH_ENTER:
		*cpus = only(e->flush_enter.initiator);
		return snprintf(name, len, "enter");
	case PVTLB_EV_FLUSH_FUNC:
		*cpus = only(e->flush_func.initiator);
		return snprintf(name, len, "func/%s", OF(hows, e->flush_func.how));
	case PVTLB_EV_FLUSH_END:
		return snprintf(name, len, "end");
	case PVTLB_EV_SYNC:
		*cpus = e->sync.cpus;
		return snprintf(name, len, "sync/%s%s", e->sync.rcu ? "rcu" : "one",
				e->sync.skipped ? "/skipped" : "");
	case PVTLB_EV_INVLPG:
		return snprintf(name, len, "invlpg") && within;
	case PVTLB_EV_CR3:
		return snprintf(name, len, "cr3") && within;
	case PVTLB_EV_INVLPGB:
		return snprintf(name, len, "invlpgb") && within;
	case PVTLB_EV_TLBSYNC:
		return snprintf(name, len, "tlbsync") && within;
	case PVTLB_EV_HYPERCALL:
		return snprintf(name, len, "hypercall%s", e->hypercall.status ? "/failed" : "") &&
		       within;
	}
	return false;
}

static void note(struct maker *m, const struct pvtlb_event *e)
{
	switch (e->id) {
	case PVTLB_EV_TRIAL:
		begin_step(m, e->trial.trial, e->trial.step);
		break;
	case PVTLB_EV_GATHER: /* its flush is next */
	case PVTLB_EV_FLUSH_BEGIN:
		begin_flush(m, e->cpu);
		break;
	case PVTLB_EV_FLUSH_END:
		end_flush(m, e->cpu);
		break;
	case PVTLB_EV_IPI_SEND:
		if (e->ipi_send.vector != PVTLB_WAKE_VECTOR)
			acts(m, e->cpu);
		break;
	case PVTLB_EV_FLUSH_ENTER:
		m->told[e->cpu] = true;
		break;
	case PVTLB_EV_FLUSH_FUNC:
		m->told[e->cpu] = false;
		break;
	case PVTLB_EV_GRACE:
		m->waits[e->cpu] = !e->grace.returns;
		break;
	}
}

static int by_line(const void *a, const void *b)
{
	const struct order_word *x = a, *y = b;

	if (x->step != y->step)
		return x->step < y->step ? -1 : 1;
	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

struct order *order_of(const struct event_stream *stream)
{
	struct maker m = { .order = calloc(1, sizeof(*m.order)) };
	struct order *o = m.order;

	if (!o)
		abort();
	begin_step(&m, 0, 0);
	for (size_t i = 0; i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];
		struct order_word word = { .cpu = e->cpu, .place = o->nr };

		if (e->cpu >= CPUS)
			continue;
		if (word_of(&m, e, word.name, sizeof(word.name), &word.cpus)) {
			o->word = grow(o->word, o->nr, sizeof(*o->word));
			word.step = o->nr_steps - 1;
			o->word[o->nr++] = word;
		}
		note(&m, e);
	}
	if (m.open)
		this_step(&m)->mixed = true;
	if (o->nr)
		qsort(o->word, o->nr, sizeof(*o->word), by_line);
	return o;
}

void order_free(struct order *order)
{
	if (!order)
		return;
	free(order->word);
	free(order->step);
	free(order);
}

size_t order_line(const struct order *order, uint32_t step, unsigned int cpu,
		  const struct order_word **first)
{
	const struct order_word key = { .step = step, .cpu = cpu };
	size_t from = 0, until = order->nr, nr = 0;

	while (from < until) {
		const size_t middle = (from + until) / 2;

		if (by_line(&order->word[middle], &key) < 0)
			from = middle + 1;
		else
			until = middle;
	}
	*first = order->word + from;
	while (from + nr < order->nr && order->word[from + nr].step == step &&
	       order->word[from + nr].cpu == cpu)
		nr++;
	return nr;
}

bool order_mixed(const struct order *order)
{
	for (uint32_t i = 0; i < order->nr_steps; i++)
		if (order->step[i].mixed)
			return true;
	return false;
}
