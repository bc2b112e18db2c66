/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores to page tables, as the events tell of them. */
#include "oracle/leaves.h"
#include "oracle/permitted/entries.h"
#include "oracle/permitted/spaces.h"

#define PGD_ENTRY_SIZE (1ull << 39)

/* Those that page tables can have; 0 for others. */
static uint64_t size_of(uint64_t shift)
{
	return shift >= 12 && shift < 57 ? 1ull << shift : 0;
}

/* By a store to the entry of `by` at start, which is the same one in memory. */
static void set(struct entries *en, const struct pvtlb_event *e, struct entry *entry, uint64_t pte,
		const struct space *by, uint64_t start)
{
	struct version *now = entry_now(entry);

	if (now)
		version_end(en, now, e, by, start, entry->size);
	version_add(en, entry, pte, e);
}

/* What others see of a leaf in a table that they share: the same entry, at a place of theirs. */
static void set_shared(struct entries *en, const struct pvtlb_event *e, struct space *space,
		       uint64_t start, uint64_t size, uint64_t pte)
{
	uint64_t span = size << 9, offset = start & (span - 1);
	struct entry *above = entry_find(en, space, start, span, true);
	struct version *hook = above ? entry_now(above) : NULL;

	for (struct version *v = hook ? versions_of(en, version_target(hook), true) : NULL; v;
	     v = v->page_next) {
		struct entry *other = v->entry;

		en->column->work++;
		if (other->space == space || other->size != span || entry_now(other) != v)
			continue;
		set(en, e, entry_at(en, other->space, other->start + offset, size, false), pte,
		    space, start);
	}
}

static void pte_set(struct entries *en, const struct pvtlb_event *e)
{
	struct space *space = space_of(en, e->pte_set.mm);
	uint64_t size = size_of(e->pte_set.shift);
	struct entry *entry;

	if (!size)
		return;
	entry = entry_at(en, space, e->pte_set.addr, size, false);
	set(en, e, entry, e->pte_set.new, space, entry->start);
	set_shared(en, e, space, entry->start, size, e->pte_set.new);
}

static void hook(struct entries *en, const struct pvtlb_event *e)
{
	struct space *space = space_of(en, e->table_hook.mm);
	uint64_t size = size_of(e->table_hook.shift);
	struct entry *entry;

	if (!size)
		return;
	entry = entry_at(en, space, e->table_hook.addr, size, true);
	set(en, e, entry, (e->table_hook.table & PTE_ADDR) | PTE_P, space, entry->start);
}

/* The pointer to the table ends, and all that is found through it. */
static void unhook(struct entries *en, const struct pvtlb_event *e)
{
	struct space *space = space_of(en, e->table_unhook.mm);
	uint64_t size = size_of(e->table_unhook.shift);
	uint64_t start = e->table_unhook.addr & ~(size - 1);

	for (struct version *v = size ? space->current : NULL; v; v = v->space_next) {
		const struct entry *entry = v->entry;

		en->column->work++;
		if (v->ending.on || entry->start - start >= size ||
		    (entry->table ? entry->size > size : entry->size >= size))
			continue;
		version_end(en, v, e, space, start, size);
		if (!entry->table || entry->size < size)
			v->via = e->table_unhook.table;
	}
}

static void leaf_stored(struct entry *leaf, const struct pvtlb_event *e)
{
	struct version *v = leaf->newest;

	leaf->changed = e->seq;
	if (v && v->by == e->cpu && !v->stored)
		v->stored = e->seq;
}

static bool ended_by(const struct version *v, const struct space *space, uint64_t addr,
		     uint64_t size)
{
	return v->ending.space == space && v->ending.size == size && addr - v->ending.start < size;
}

/*
 * An mm has two pgds, and a CPU walks from one of them: what an entry of both said is over when
 * it has been stored in both.
 */
static void pgd_stored(struct entries *en, const struct pvtlb_event *e)
{
	struct space *space = space_of(en, e->pgd_stored.mm);
	uint64_t which = (e->pgd_stored.pgd - space->pgd) / PVTLB_PAGE_SIZE;

	if (!space->pgd || which >= 2)
		return;
	space->pgds_told = true;
	for (struct version *v = en->ending[e->cpu]; v; v = v->ending_next) {
		en->column->work++;
		if (ended_by(v, space, e->pgd_stored.addr, PGD_ENTRY_SIZE))
			v->ending.pgds |= 1u << which;
	}
}

static bool in_all_pgds(const struct version *v)
{
	return !v->ending.space->pgds_told || v->ending.size != PGD_ENTRY_SIZE ||
	       v->ending.pgds == 3;
}

static void stored(struct entries *en, const struct pvtlb_event *e)
{
	struct space *space = space_of(en, e->pte_stored.mm);
	struct version **p = &en->ending[e->cpu], *v;
	uint64_t size = size_of(e->pte_stored.shift);
	struct entry *leaf = size ? entry_find(en, space, e->pte_stored.addr, size, false) : NULL;

	if (leaf)
		leaf_stored(leaf, e);
	while ((v = *p)) {
		en->column->work++;
		if (!ended_by(v, space, e->pte_stored.addr, size) || !in_all_pgds(v)) {
			p = &v->ending_next;
			continue;
		}
		*p = v->ending_next;
		version_done(en, v, e->seq);
	}
}

static void gathering(struct gathers *g, const struct pvtlb_event *e)
{
	if (!e->gathering.over) {
		if (!g->open++)
			g->mm = e->gathering.mm;
		return;
	}
	if (g->open)
		g->open--;
	g->asked_mm = e->gathering.mm;
	g->asked = e->seq;
}

void entries_event(struct entries *en, const struct pvtlb_event *e)
{
	switch (e->id) {
	case PVTLB_EV_PTE_SET:
		pte_set(en, e);
		break;
	case PVTLB_EV_TABLE_HOOK:
		hook(en, e);
		break;
	case PVTLB_EV_TABLE_UNHOOK:
		unhook(en, e);
		break;
	case PVTLB_EV_GATHERING:
		gathering(&en->gathers[e->cpu], e);
		break;
	case PVTLB_EV_PGD_STORED:
		pgd_stored(en, e);
		break;
	case PVTLB_EV_PTE_STORED:
		stored(en, e);
		break;
	}
}
