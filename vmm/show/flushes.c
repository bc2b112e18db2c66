/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of a trial's flushes says most. */
#include <string.h>

#include "show/flushes.h"

#define CPUS 256u

/* What each CPU has done so far, as numbers of events; 0: nothing. */
struct state {
	uint64_t walk[CPUS], look[CPUS];
	uint64_t walk_mm[CPUS];
	uint64_t away[CPUS];		    /* lazy, held by the VMM, or offline */
	uint64_t unhook[CPUS], table[CPUS]; /* since its last flush */
	size_t ended[CPUS];		    /* the place behind its last flush */
};

static void note(struct state *st, const struct pvtlb_event *e, size_t place)
{
	const unsigned int cpu = e->cpu;

	switch (e->id) {
	case PVTLB_EV_WALK_BEGIN:
		st->walk[cpu] = e->seq;
		st->walk_mm[cpu] = e->walk_begin.mm;
		break;
	case PVTLB_EV_WALK_END:
		st->walk[cpu] = 0;
		break;
	case PVTLB_EV_LAZY:
	case PVTLB_EV_HELD:
		st->away[cpu] = e->seq;
		break;
	case PVTLB_EV_CPU_DOWN:
		if (e->cpu_down.cpu < CPUS)
			st->away[e->cpu_down.cpu] = e->seq;
		break;
	case PVTLB_EV_CPU_UP:
		if (e->cpu_up.cpu < CPUS)
			st->away[e->cpu_up.cpu] = 0;
		break;
	case PVTLB_EV_RESUMED:
	case PVTLB_EV_SWITCH_MM:
		st->away[cpu] = 0;
		st->look[cpu] = e->seq;
		break;
	case PVTLB_EV_ACCESS:
		st->look[cpu] = e->seq;
		break;
	case PVTLB_EV_TABLE_UNHOOK:
		st->unhook[cpu] = e->seq;
		st->table[cpu] = e->table_unhook.table;
		break;
	case PVTLB_EV_FLUSH_END:
		st->unhook[cpu] = 0;
		st->ended[cpu] = place + 1;
		break;
	}
}

/* The first other CPU of which there is an event; nr: it. */
static unsigned int first_of(const uint64_t *of, unsigned int not, uint64_t *nr)
{
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		*nr = of[cpu];
		if (*nr && cpu != not )
			return cpu;
	}
	*nr = 0;
	return not ;
}

/* The first other CPU that walks the mm, or, where a table was taken out, maybe shared, any mm. */
static unsigned int walker_of(const struct state *st, const struct pvtlb_event *e, uint64_t *nr)
{
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		*nr = st->walk[cpu];
		if (*nr && cpu != e->cpu &&
		    (st->walk_mm[cpu] == e->flush_begin.mm || st->unhook[e->cpu]))
			return cpu;
	}
	*nr = 0;
	return e->cpu;
}

/* How much it says; 0: nothing but that there was a flush. */
static unsigned int weigh(const struct state *st, const struct event_stream *stream, size_t from,
			  const struct pvtlb_event *e, struct chosen_flush *c)
{
	const size_t ended = st->ended[e->cpu];
	uint64_t walk, away = 0, look = 0;

	*c = (struct chosen_flush){ .begin = e->seq, .actor = e->cpu, .from = from };
	c->other = walker_of(st, e, &walk);
	if (!walk)
		c->other = first_of(st->away, e->cpu, &away);
	if (!walk && !away)
		c->other = first_of(st->look, e->cpu, &look);
	if (st->unhook[e->cpu]) {
		c->unhooked = st->unhook[e->cpu];
		c->table = st->table[e->cpu];
	}
	/* What came before the last flush need not be told, if enough came after it. */
	if (ended && (walk | away | look) > stream->event[ended - 1].seq)
		c->from = ended;
	/* Of the tables of an mm that exits nobody has anything. */
	return (walk ? 8 : away ? 4 : look ? 2 : 0) + (c->table && e->flush_begin.end != ~0ull);
}

struct chosen_flush flushes_choose(const struct event_stream *stream, size_t from, size_t until)
{
	struct chosen_flush best = { 0 }, c;
	unsigned int most = 0;
	struct state st;

	memset(&st, 0, sizeof(st));
	for (size_t i = from; i < until; i++) {
		const struct pvtlb_event *e = &stream->event[i];
		unsigned int weight;

		if (e->cpu >= CPUS)
			continue;
		if (e->id == PVTLB_EV_FLUSH_BEGIN) {
			weight = weigh(&st, stream, from, e, &c);
			if (!best.begin || weight > most) {
				best = c;
				most = weight;
			}
		}
		note(&st, e, i);
	}
	return best;
}
