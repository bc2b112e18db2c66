/* SPDX-License-Identifier: GPL-2.0-only */
/* Was every CPU that was in a walk when a table was unhooked interrupted before its release? */
#include <stdlib.h>
#include <string.h>

#include "oracle/tables.h"
#include "oracle/walkers.h"

/* What a watch weighs, in entries kept. */
#define WATCH_KEPT 4

void walkers_free(struct walkers *w)
{
	free(w->watch);
	map_free(&w->index);
}

static struct watch *find(struct walkers *w, uint64_t table)
{
	const uint64_t *place = map_find(&w->index, table, 0, w->column);

	return place ? &w->watch[*place] : NULL;
}

static struct watch *find_or_add(struct walkers *w, uint64_t table)
{
	struct watch *watch = find(w, table);

	if (watch)
		return watch;
	w->watch = column_grow(w->watch, w->nr, sizeof(*w->watch));
	*map_add(&w->index, table, 0, w->column) = w->nr;
	w->column->kept += WATCH_KEPT;
	return &w->watch[w->nr++];
}

/* Who walks the mm right now. Returns whether anybody does. */
static bool who_walks(const struct walkers *w, uint64_t mm, uint64_t walker[WORDS])
{
	bool any = false;

	memcpy(walker, w->walking, sizeof(w->walking));
	for (unsigned int i = 0; i < WORDS; i++) {
		for (uint64_t left = walker[i]; left; left &= left - 1) {
			unsigned int cpu = 64 * i + __builtin_ctzll(left);

			if (w->cpus->cpu[cpu].walk.mm == mm)
				any = true;
			else
				set_clear(walker, cpu);
		}
	}
	return any;
}

static void unhook(struct walkers *w, const struct pvtlb_event *e)
{
	struct watch now = { true, e->table_unhook.table, e->seq, e->table_unhook.mm };
	struct watch *watch;

	if (who_walks(w, now.mm, now.walker))
		*find_or_add(w, now.table) = now;
	else if ((watch = find(w, now.table)))
		watch->open = false;
}

/*
 * The rule by which a sync may be skipped: who was walking has been interrupted since, which
 * it cannot be within its walk, or has come to the end of it by itself. That the interrupt was
 * taken is enough: its handler acknowledges before it returns. Another walk that began since
 * cannot have found the table.
 */
static void check(struct walkers *w, const struct watch *watch, uint64_t gen, unsigned int cpu,
		  const struct pvtlb_event *e)
{
	const struct walk *walk = &w->cpus->cpu[cpu].walk;
	const struct cpu *by = &w->cpus->cpu[e->cpu];
	struct phase phase = {
		.seq = e->seq, .id = e->id, .cpu = e->cpu, .gen = gen, .unhook = watch->unhook
	};
	struct violation v = {
		.kind = VIOLATION_WALKER_NOT_INTERRUPTED,
		.cpu = cpu,
		.mm = watch->mm,
		.walker.walk = { .begin = walk->begin, .addr = walk->addr },
	};

	w->walkers++;
	if (w->irq[cpu] > watch->unhook) {
		w->interrupted++;
		return;
	}
	if (!set_test(w->walking, cpu) || walk->begin > watch->unhook)
		return;
	if (by->sync > watch->unhook) {
		phase.sync = by->sync;
		phase.sync_skipped = by->sync_skipped;
	}
	if (by->flushed.begin > watch->unhook && by->flushed.mm == watch->mm)
		phase.flush = by->flushed;
	violation_set_release(&v, watch->table, &phase);
	column_violation(w->column, &v);
}

static void release(struct walkers *w, const struct pvtlb_event *e)
{
	uint64_t gen;
	struct watch *watch = find(w, event_table(e, &gen));

	if (!watch || !watch->open)
		return;
	watch->open = false;
	for (unsigned int i = 0; i < WORDS; i++)
		for (uint64_t left = watch->walker[i]; left; left &= left - 1)
			check(w, watch, gen, 64 * i + __builtin_ctzll(left), e);
}

void walkers_event(struct walkers *w, const struct pvtlb_event *e)
{
	switch (e->id) {
	case PVTLB_EV_WALK_BEGIN:
		set_clear(w->walking, e->cpu);
		if (e->walk_begin.kind == PVTLB_WALK_GUP)
			set_add(w->walking, e->cpu);
		break;
	case PVTLB_EV_WALK_END:
		set_clear(w->walking, e->cpu);
		break;
	case PVTLB_EV_IRQ_ENTRY:
		w->irq[e->cpu] = e->seq;
		break;
	case PVTLB_EV_TABLE_UNHOOK:
		unhook(w, e);
		break;
	case PVTLB_EV_TABLE_DEPOSIT:
	case PVTLB_EV_TABLE_OWN:
	case PVTLB_EV_TABLE_FREE:
		release(w, e);
		break;
	}
}
