/* SPDX-License-Identifier: GPL-2.0-only */
/* The safe column: stale translations; and the events for the parts about walks and tables. */
#include <stdlib.h>

#include "oracle/column.h"
#include "oracle/cpus.h"
#include "oracle/leaves.h"
#include "oracle/safe.h"
#include "oracle/tables.h"
#include "oracle/walks.h"

struct state {
	struct column column;
	struct safe *out;
	struct cpus cpus;
	struct leaves leaves;
	struct tables tables;
	struct walks walks;
	bool no_look;
};

/* An access, and the entry it is held against. */
struct access {
	const struct pvtlb_event *e;
	const struct flushed *cover; /* the flush that bears upon it */
	const struct change *now;    /* what the page tables say by now */
	bool large;
};

static bool agrees(const struct leaf *leaf, uint64_t pte, const void *ctx)
{
	return pte_gives(pte, leaf->start, leaf->size, ctx);
}

/*
 * A CPU that is lazy is told of no flush but those for tables: it uses no user space itself,
 * and stale leaves do no harm to what it may do speculatively. It catches up when it goes on.
 */
static bool was_lazy(const struct cpu *cpu, uint64_t since)
{
	return cpu->lazy || cpu->lazy_until > since;
}

/* With another mm loaded there is nothing to be found of this one. */
static bool not_loaded(const struct cpu *cpu, const struct ev_access *e)
{
	return e->outcome == PVTLB_ACCESS_NOT_PRESENT && cpu->loaded != ANY_MM &&
	       cpu->loaded != e->mm;
}

static void stale(struct state *s, const struct access *a)
{
	const struct pvtlb_event *e = a->e;
	struct violation v = {
		.kind = VIOLATION_STALE,
		.cpu = e->cpu,
		.mm = e->access.mm,
		.stale.access = { .at = e->seq,
				  .addr = e->access.addr,
				  .op = e->access.op,
				  .outcome = e->access.outcome,
				  .page = e->access.value },
		.stale.entry = { .pte = a->now->pte, .set = a->now->seq },
	};

	violation_set_flush(&v, a->cover);
	s->out->bad_large += a->large;
	column_violation(&s->column, &v);
}

static void check_access(struct state *s, const struct pvtlb_event *e)
{
	const struct cpu *cpu = &s->cpus.cpu[e->cpu];
	struct access a = { .e = e };
	struct leaf *leaf[LEAVES_MAX];
	unsigned int nr = leaves_at(&s->leaves, e->access.mm, e->access.addr, leaf);

	for (unsigned int i = 0; i < nr; i++) {
		const struct change *last = &leaf[i]->change[leaf[i]->nr_changes - 1];
		const struct flushed *c =
			leaf_cover(&s->leaves, leaf[i], e->access.since,
				   was_lazy(cpu, e->access.since));

		if (c && (!a.cover || c->begin > a.cover->begin))
			a.cover = c;
		if (!a.now || last->seq > a.now->seq) {
			a.now = last;
			a.large = leaf[i]->size > PVTLB_PAGE_SIZE;
		}
	}
	if (!a.cover || not_loaded(cpu, &e->access))
		return;
	s->out->checks++;
	s->out->checks_large += a.large;
	for (unsigned int i = 0; i < nr; i++)
		if (leaf_had(&s->leaves, leaf[i], a.cover->begin, agrees, &e->access))
			return;
	stale(s, &a);
}

static void event(void *state, const struct pvtlb_event *e)
{
	struct state *s = state;
	const struct flush *flush = &s->cpus.cpu[e->cpu].flush;

	switch (e->id) {
	case PVTLB_EV_PTE_SET:
		leaves_set(&s->leaves, e);
		break;
	case PVTLB_EV_PTE_STORED:
		leaves_stored(&s->leaves, e);
		tables_stored(&s->tables, e);
		break;
	case PVTLB_EV_TABLE_UNHOOK:
		leaves_unhook(&s->leaves, e);
		/* fall through */
	case PVTLB_EV_TABLE_ALLOC:
	case PVTLB_EV_TABLE_HOOK:
	case PVTLB_EV_TABLE_DEPOSIT:
	case PVTLB_EV_TABLE_OWN:
	case PVTLB_EV_TABLE_FREE:
		tables_event(&s->tables, e);
		break;
	case PVTLB_EV_FLUSH_END:
		if (flush->open) {
			leaves_flush(&s->leaves, flush, e);
			tables_flush(&s->tables, flush, e);
		}
		break;
	case PVTLB_EV_ACCESS:
		if (!s->no_look)
			check_access(s, e);
		break;
	case PVTLB_EV_WALK_BEGIN:
	case PVTLB_EV_WALK_LOAD:
	case PVTLB_EV_WALK_GRAB:
	case PVTLB_EV_WALK_END:
	case PVTLB_EV_RESUMED:
	case PVTLB_EV_IRQ_ENTRY:
		walks_event(&s->walks, e);
		break;
	}
	cpus_event(&s->cpus, e);
}

void oracle_safe(const struct event_stream *stream, bool no_look, struct safe *out,
		 violation_fn *hit, void *ctx)
{
	struct state *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->column = (struct column){ .bad = &out->bad, .hit = hit, .ctx = ctx };
	s->out = out;
	s->no_look = no_look;
	*out = (struct safe){ 0 };
	cpus_init(&s->cpus, &s->column);
	s->leaves.column = &s->column;
	s->tables.column = &s->column;
	s->tables.cpus = &s->cpus;
	s->walks.column = &s->column;
	s->walks.cpus = &s->cpus;
	s->walks.leaves = &s->leaves;
	s->walks.tables = &s->tables;
	out->gave_up = !column_run(&s->column, stream, event, s);
	out->walk_loads = s->walks.loads;
	violations_complete(&out->bad, stream);
	leaves_free(&s->leaves);
	tables_free(&s->tables);
	cpus_free(&s->cpus);
	free(s);
}
