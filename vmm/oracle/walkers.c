/* SPDX-License-Identifier: GPL-2.0-only */
/* Was every CPU that was in a walk when a table was unhooked interrupted before its release? */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "oracle/tables.h"
#include "oracle/walkers.h"

/* What a watch weighs, in entries kept. */
#define WATCH_KEPT 4

void walkers_free(struct walkers *w)
{
	free(w->watch);
	map_free(&w->index);
	map_free(&w->first);
}

static struct watch *find(struct walkers *w, uint64_t table, uint64_t mm)
{
	const uint64_t *place = map_find(&w->index, table, mm, w->column);

	return place ? &w->watch[*place] : NULL;
}

static struct watch *find_or_add(struct walkers *w, uint64_t table, uint64_t mm)
{
	struct watch *watch = find(w, table, mm);

	if (watch)
		return watch;
	w->watch = grow(w->watch, w->nr, sizeof(*w->watch));
	*map_add(&w->index, table, mm, w->column) = w->nr;
	w->column->kept += WATCH_KEPT;
	w->watch[w->nr] = (struct watch){ .table = table, .mm = mm };
	return &w->watch[w->nr++];
}

/* Among those of its table, which are in a list until the table is released. */
static void enlist(struct walkers *w, struct watch *watch)
{
	uint64_t *first = map_add(&w->first, watch->table, 0, w->column);

	if (watch->listed)
		return;
	watch->listed = true;
	watch->next = *first;
	*first = watch - w->watch + 1;
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

/*
 * A table that several mm's share is unhooked from each of them by itself, and whoever walks
 * one of them counts, from when its own mm let go of the table.
 */
static void unhook(struct walkers *w, const struct pvtlb_event *e)
{
	uint64_t mm = e->table_unhook.mm, table = e->table_unhook.table, walker[WORDS];
	bool any = who_walks(w, mm, walker);
	struct watch *watch = any ? find_or_add(w, table, mm) : find(w, table, mm);

	if (!watch)
		return;
	watch->open = any;
	watch->unhook = e->seq;
	memcpy(watch->walker, walker, sizeof(walker));
	enlist(w, watch);
}

/* The mm has the table again, and so may its walkers. */
static void hook(struct walkers *w, const struct pvtlb_event *e)
{
	struct watch *watch = find(w, e->table_hook.table, e->table_hook.mm);

	if (watch)
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

static void check_all(struct walkers *w, const struct watch *watch, uint64_t gen,
		      const struct pvtlb_event *e)
{
	for (unsigned int i = 0; i < WORDS && watch->open; i++)
		for (uint64_t left = watch->walker[i]; left; left &= left - 1)
			check(w, watch, gen, 64 * i + __builtin_ctzll(left), e);
}

static void release(struct walkers *w, const struct pvtlb_event *e)
{
	uint64_t gen, table = event_table(e, &gen), place;
	uint64_t *first = map_find(&w->first, table, 0, w->column);

	for (place = first ? *first : 0; place;) {
		struct watch *watch = &w->watch[place - 1];

		place = watch->next;
		check_all(w, watch, gen, e);
		watch->open = watch->listed = false;
	}
	if (first)
		*first = 0;
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
	case PVTLB_EV_TABLE_HOOK:
		hook(w, e);
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
