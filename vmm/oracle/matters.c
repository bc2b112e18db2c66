/* SPDX-License-Identifier: GPL-2.0-only */
/* Which events a violation is about: those that it names, and those that reached its CPU, or not.
 */
#include "oracle/describe.h"
#include "oracle/matters.h"

static void name(struct matters *m, uint64_t seq)
{
	if (!seq || m->nr_named == MATTERS_NAMED)
		return;
	if (!m->nr_named || seq < m->first)
		m->first = seq;
	if (seq > m->last)
		m->last = seq;
	m->named[m->nr_named++] = seq;
}

static void name_part(struct matters *m, enum part_id id)
{
	const uint64_t *word = violation_words(m->v, id);

	for (const struct part_field *f = violation_parts[id].field; f->name; word += f++->words)
		if (f->kind == PVTLB_KIND_SEQ)
			name(m, *word);
}

void matters_make(struct matters *m, const struct violation *v)
{
	const struct rule *rule = &violation_rules[v->kind];

	*m = (struct matters){ .v = v };
	m->flush = violation_value(v, "flush.end");
	m->from = violation_value(v, m->flush ? "flush.begin" : rule->from);
	m->until = violation_value(v, m->flush ? "flush.end" : rule->until);
	m->actor = m->flush ? violation_value(v, "flush.initiator") : v->cpu;
	name(m, violation_value(v, rule->from));
	name(m, violation_value(v, rule->until));
	for (const enum part_id *id = rule->part; *id != PARTS; id++)
		name_part(m, *id);
}

bool matters_named(const struct matters *m, uint64_t seq)
{
	for (unsigned int i = 0; i < m->nr_named; i++)
		if (m->named[i] == seq)
			return true;
	return false;
}

/* How a flush goes about it; events of who flushes. */
static bool is_delivery(unsigned int id)
{
	switch (id) {
	case PVTLB_EV_FLUSH_MULTI:
	case PVTLB_EV_FLUSH_ONLY:
	case PVTLB_EV_ASK:
	case PVTLB_EV_ASK_RANGE:
	case PVTLB_EV_SERVED:
	case PVTLB_EV_HYPERCALL:
	case PVTLB_EV_INVLPGB:
	case PVTLB_EV_TLBSYNC:
		return true;
	}
	return false;
}

/* What becomes of what a CPU has cached, or of the mm that it has; events of that CPU. */
static bool is_arrival(unsigned int id)
{
	switch (id) {
	case PVTLB_EV_IRQ_ENTRY:
	case PVTLB_EV_IRQ_PEND:
	case PVTLB_EV_FLUSH_ENTER:
	case PVTLB_EV_FLUSH_FUNC:
	case PVTLB_EV_FLUSHED:
	case PVTLB_EV_DEFERRED:
	case PVTLB_EV_SWITCH_MM:
	case PVTLB_EV_LAZY:
	case PVTLB_EV_CR3:
	case PVTLB_EV_INVLPG:
		return true;
	}
	return false;
}

/*
 * Where no flush is named: what changed the mm, by whomever, and what was done about it; and what
 * the CPU that it is about has walked through. What other CPUs load is nothing to it.
 */
static bool is_change(const struct violation *v, const struct pvtlb_event *e)
{
	switch (e->id) {
	case PVTLB_EV_PTE_SET:
	case PVTLB_EV_TABLE_UNHOOK:
	case PVTLB_EV_FLUSH_BEGIN:
	case PVTLB_EV_FLUSH_END:
	case PVTLB_EV_SYNC:
		return true;
	case PVTLB_EV_WALK_LOAD:
	case PVTLB_EV_WALK_GRAB:
		return e->cpu == v->cpu;
	}
	return false;
}

/* Is the CPU that it was sent to, found away, or left out, the violation's? */
static bool is_about_cpu(const struct violation *v, const struct pvtlb_event *e)
{
	return (e->id == PVTLB_EV_IPI_SEND && e->ipi_send.cpu == v->cpu) ||
	       (e->id == PVTLB_EV_ELIDED && e->elided.cpu == v->cpu) ||
	       (e->id == PVTLB_EV_PREEMPTED && e->preempted.cpu == v->cpu);
}

/* Does it take away what the CPU has cached, or walks through? */
static bool is_taken_away(const struct violation *v, const struct pvtlb_event *e)
{
	const uint64_t start = violation_value(v, "cached.start");
	const uint64_t table = violation_value(v, "cached.table")
				       ? violation_value(v, "cached.target")
				       : violation_value(v, "table.table");

	if (e->id == PVTLB_EV_PTE_SET)
		return start && e->pte_set.mm == v->mm && e->pte_set.addr == start;
	return e->id == PVTLB_EV_TABLE_UNHOOK && table && e->table_unhook.table == table;
}

bool matters_event(const struct matters *m, const struct pvtlb_event *e)
{
	if (matters_named(m, e->seq))
		return true;
	if (e->seq < m->first || e->seq > m->last)
		return false;
	/* A fault that was injected is the cause, wherever it hits. */
	if (e->id == PVTLB_EV_FAULT || is_taken_away(m->v, e))
		return true;
	if (e->seq <= m->from || e->seq >= m->until)
		return false;
	return (e->cpu == m->v->cpu && is_arrival(e->id)) ||
	       (e->cpu == m->actor && is_delivery(e->id)) || is_about_cpu(m->v, e) ||
	       (!m->flush && is_change(m->v, e));
}
