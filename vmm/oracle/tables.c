/* SPDX-License-Identifier: GPL-2.0-only */
/* Page tables and their pasts. */
#include <stdlib.h>

#include "base/grow.h"
#include "oracle/describe.h"
#include "oracle/tables.h"

/* What a phase weighs, in entries kept. */
#define PHASE_KEPT 4
/* What a table weighs to look at. */
#define TABLE_WORK 4

uint64_t event_table(const struct pvtlb_event *e, uint64_t *gen)
{
	switch (e->id) {
	case PVTLB_EV_TABLE_HOOK:
		*gen = e->table_hook.gen;
		return e->table_hook.table;
	case PVTLB_EV_TABLE_UNHOOK:
		*gen = e->table_unhook.gen;
		return e->table_unhook.table;
	case PVTLB_EV_TABLE_DEPOSIT:
		*gen = e->table_deposit.gen;
		return e->table_deposit.table;
	case PVTLB_EV_TABLE_OWN:
		*gen = e->table_own.gen;
		return e->table_own.table;
	case PVTLB_EV_TABLE_FREE:
		*gen = e->table_free.gen;
		return e->table_free.table;
	default:
		*gen = e->table_alloc.gen;
		return e->table_alloc.table;
	}
}

void tables_free(struct tables *t)
{
	for (size_t i = 0; i < t->nr; i++)
		free(t->table[i].phase);
	free(t->table);
	free(t->waiting);
	map_free(&t->index);
}

const struct table *tables_find(const struct tables *t, uint64_t gpa)
{
	const uint64_t *place = map_find(&t->index, gpa, 0, t->column);

	return place && t->table[*place].known ? &t->table[*place] : NULL;
}

static size_t place_of(struct tables *t, uint64_t gpa)
{
	uint64_t *place = map_find(&t->index, gpa, 0, t->column);

	if (place)
		return *place;
	t->table = grow(t->table, t->nr, sizeof(*t->table));
	t->table[t->nr] = (struct table){ .gpa = gpa };
	t->column->kept += PHASE_KEPT;
	*map_add(&t->index, gpa, 0, t->column) = t->nr;
	return t->nr++;
}

static void await_flush(struct tables *t, size_t place)
{
	struct unhook *u = &t->table[place].unhook;

	u->flush = (struct flushed){ 0 };
	if (u->waiting)
		return;
	u->waiting = true;
	t->waiting = grow(t->waiting, t->nr_waiting, sizeof(*t->waiting));
	t->waiting[t->nr_waiting++] = place;
}

static void unhook(struct tables *t, size_t place, const struct pvtlb_event *e)
{
	struct unhook *u = &t->table[place].unhook;
	uint64_t size = e->table_unhook.shift < 64 ? 1ull << e->table_unhook.shift : 0;

	if (!size)
		return;
	*u = (struct unhook){
		.seq = e->seq,
		.mm = e->table_unhook.mm,
		.addr = e->table_unhook.addr,
		.start = e->table_unhook.addr & ~(size - 1),
		.size = size,
		.waiting = u->waiting,
	};
	t->storing[e->cpu] = place + 1;
	await_flush(t, place);
}

void tables_stored(struct tables *t, const struct pvtlb_event *e)
{
	const struct ev_pte_stored *stored = &e->pte_stored;
	size_t place = t->storing[e->cpu];
	struct unhook *u = place ? &t->table[place - 1].unhook : NULL;

	if (!u || u->mm != stored->mm || stored->addr - u->start >= u->size ||
	    stored->shift >= 64 || u->size != 1ull << stored->shift)
		return;
	t->storing[e->cpu] = 0;
	u->stored = e->seq;
	/* A flush that began before is worth nothing: it may have been in front of the store. */
	if (u->flush.end && u->flush.begin < e->seq)
		await_flush(t, place - 1);
}

void tables_flush(struct tables *t, const struct flush *flush, const struct pvtlb_event *e)
{
	size_t still = 0;

	t->column->work += TABLE_WORK * t->nr_waiting;
	for (size_t i = 0; i < t->nr_waiting; i++) {
		struct unhook *u = &t->table[t->waiting[i]].unhook;

		if (u->seq && (!flush_reaches(flush, u->mm, u->start, u->size) ||
			       flush->begin < u->seq || flush->begin < u->stored)) {
			t->waiting[still++] = t->waiting[i];
			continue;
		}
		u->waiting = false;
		u->flush = flush_ended(flush, e);
	}
	t->nr_waiting = still;
}

enum release released_as(uint16_t id)
{
	switch (id) {
	case PVTLB_EV_TABLE_DEPOSIT:
		return RELEASED_DEPOSITED;
	case PVTLB_EV_TABLE_OWN:
		return RELEASED_UNSHARED;
	default:
		return RELEASED_FREED;
	}
}

void violation_set_release(struct violation *v, uint64_t table, const struct phase *by)
{
	*(struct part_table *)violation_part(v, PART_TABLE) =
		(struct part_table){ .table = table, .gen = by->gen };
	*(struct part_unhook *)violation_part(v, PART_UNHOOK) =
		(struct part_unhook){ .at = by->unhook };
	*(struct part_sync *)violation_part(v, PART_SYNC) =
		(struct part_sync){ .at = by->sync, .skipped = by->sync_skipped };
	*(struct part_release *)violation_part(v, PART_RELEASE) = (struct part_release){
		.at = by->seq, .cpu = by->cpu, .as = released_as(by->id)
	};
	violation_set_flush(v, &by->flush);
}

/* A table is put to another use: was what hardware has cached through it flushed? */
static void release(struct tables *t, size_t place, struct phase *phase)
{
	struct table *table = &t->table[place];
	const struct cpu *cpu = &t->cpus->cpu[phase->cpu];
	struct violation v = {
		.kind = VIOLATION_NOT_FLUSHED,
		.cpu = phase->cpu,
		.mm = table->unhook.mm,
	};

	phase->unhook = table->unhook.seq;
	phase->flush = table->unhook.flush;
	if (cpu->sync > table->unhook.seq) {
		phase->sync = cpu->sync;
		phase->sync_skipped = cpu->sync_skipped;
	}
	if (!table->unhook.seq || table->unhook.flush.end || table->unhook.told)
		return;
	table->unhook.told = true;
	violation_set_release(&v, table->gpa, phase);
	column_violation(t->column, &v);
}

/* Whoever had it unhooked is done with it; where it waits for a flush it stays. */
static void begin_anew(struct table *table)
{
	table->unhook = (struct unhook){ .waiting = table->unhook.waiting };
}

static void add_phase(struct tables *t, struct table *table, const struct phase *phase)
{
	table->phase = grow(table->phase, table->nr_phases, sizeof(*phase));
	table->phase[table->nr_phases++] = *phase;
	t->column->kept += PHASE_KEPT;
}

void tables_event(struct tables *t, const struct pvtlb_event *e)
{
	struct phase phase = { .seq = e->seq, .id = e->id, .cpu = e->cpu };
	size_t place = place_of(t, event_table(e, &phase.gen));
	struct table *table = &t->table[place];

	switch (e->id) {
	case PVTLB_EV_TABLE_ALLOC:
		table->known = true;
		begin_anew(table);
		break;
	case PVTLB_EV_TABLE_UNHOOK:
		unhook(t, place, e);
		break;
	case PVTLB_EV_TABLE_OWN:
		phase.mm = e->table_own.mm;
		/* fall through */
	case PVTLB_EV_TABLE_DEPOSIT:
	case PVTLB_EV_TABLE_FREE:
		release(t, place, &phase);
		break;
	}
	add_phase(t, table, &phase);
}

/*
 * May the walk no longer use the table after the event? Being freed ends it for all; that
 * an RCU walk keeps off tables that are used again, or changed by another mm, it does not ask
 * of the syncs.
 */
static bool ends_use(const struct phase *phase, const struct walk *walk)
{
	bool gup = walk->kind == PVTLB_WALK_GUP;

	switch (phase->id) {
	case PVTLB_EV_TABLE_FREE:
		return true;
	case PVTLB_EV_TABLE_DEPOSIT:
		return gup;
	case PVTLB_EV_TABLE_OWN:
		return gup && phase->mm != walk->mm;
	}
	return false;
}

/*
 * The first such event since the walk got the pointer. What came before it does not count,
 * unless that was how things still stood: then it had a pointer to what was no table any more.
 */
const struct phase *table_taken(const struct tables *t, const struct table *table, uint64_t after,
				uint64_t since, const struct walk *walk)
{
	const struct phase *taken = NULL;
	bool stands = true;

	for (size_t i = table->nr_phases; i--; t->column->work++) {
		const struct phase *phase = &table->phase[i];

		if (phase->seq > since)
			continue;
		if (ends_use(phase, walk) &&
		    (phase->seq > after || (stands && phase->id != PVTLB_EV_TABLE_OWN)))
			taken = phase;
		if (phase->seq <= after)
			break;
		stands = false;
	}
	return taken;
}
