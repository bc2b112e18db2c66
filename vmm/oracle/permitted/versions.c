/* SPDX-License-Identifier: GPL-2.0-only */
/* What entries have said, each value until no TLB may have it any more. */
#include <stdlib.h>

#include "oracle/leaves.h"
#include "oracle/permitted/versions.h"

#define VERSION_KEPT 6 /* what one weighs, in entries kept */

static struct version **list_of(struct version *v)
{
	struct space *space = v->entry->space;

	return v->done == NOT_DONE ? &space->current : &space->ended;
}

static void link_space(struct version *v)
{
	struct version **list = list_of(v);

	v->space_prev = NULL;
	v->space_next = *list;
	if (*list)
		(*list)->space_prev = v;
	*list = v;
}

static void unlink_space(struct version *v)
{
	if (v->space_prev)
		v->space_prev->space_next = v->space_next;
	else
		*list_of(v) = v->space_next;
	if (v->space_next)
		v->space_next->space_prev = v->space_prev;
}

uint64_t version_target(const struct version *v)
{
	return v->entry->table ? v->pte & PTE_ADDR : v->pte & PTE_ADDR & ~(v->entry->size - 1);
}

struct version *versions_of(struct entries *en, uint64_t page, bool table)
{
	uint64_t *first = map_find(&en->by_page, page, table, en->column);

	return first ? (struct version *)(uintptr_t)*first : NULL;
}

static void link_page(struct entries *en, struct version *v)
{
	uint64_t *first = map_add(&en->by_page, version_target(v), v->entry->table, en->column);

	v->page_next = (struct version *)(uintptr_t)*first;
	if (v->page_next)
		v->page_next->page_prev = v;
	*first = (uintptr_t)v;
}

static void unlink_page(struct entries *en, struct version *v)
{
	if (v->page_prev)
		v->page_prev->page_next = v->page_next;
	else
		*map_find(&en->by_page, version_target(v), v->entry->table, en->column) =
			(uintptr_t)v->page_next;
	if (v->page_next)
		v->page_next->page_prev = v->page_prev;
}

static void unlink_ending(struct entries *en, struct version *v)
{
	struct version **p = &en->ending[v->ending.cpu];

	if (!v->ending.on || v->done != NOT_DONE)
		return;
	for (; *p != v; p = &(*p)->ending_next)
		en->column->work++;
	*p = v->ending_next;
}

void version_drop(struct entries *en, struct version *v)
{
	struct version **p = &v->entry->newest;

	for (; *p != v; p = &(*p)->older)
		en->column->work++;
	*p = v->older;
	unlink_page(en, v);
	unlink_space(v);
	unlink_ending(en, v);
	en->column->kept -= VERSION_KEPT;
	free(v);
}

struct version *entry_now(const struct entry *entry)
{
	struct version *v = entry->newest;

	/* What is about to end has a successor, if any, that is newer. */
	return v && v->done == NOT_DONE && !v->ending.on ? v : NULL;
}

void version_end(struct entries *en, struct version *v, const struct pvtlb_event *e,
		 const struct space *space, uint64_t start, uint64_t size)
{
	const struct gathers *g = &en->gathers[e->cpu];

	v->ending.on = true;
	v->ending.gathered = g->open == 1 && g->mm == v->entry->space->mm;
	v->ending.cpu = e->cpu;
	v->ending.space = space;
	v->ending.start = start;
	v->ending.size = size;
	v->ending.pgds = 0;
	v->ending_next = en->ending[e->cpu];
	en->ending[e->cpu] = v;
	v->entry->changed = e->seq;
}

void version_add(struct entries *en, struct entry *entry, uint64_t pte, const struct pvtlb_event *e)
{
	struct version *v;

	entry->changed = e->seq;
	if (!(pte & PTE_P))
		return;
	v = malloc(sizeof(*v));
	if (!v)
		abort();
	*v = (struct version){ .entry = entry,
			       .pte = pte,
			       .by = e->cpu,
			       .set = e->seq,
			       .done = NOT_DONE,
			       .older = entry->newest };
	entry->newest = v;
	link_page(en, v);
	link_space(v);
	en->column->kept += VERSION_KEPT;
}

void version_done(struct entries *en, struct version *v, uint64_t seq)
{
	bool any = false;

	unlink_space(v);
	v->done = seq;
	link_space(v);
	v->entry->changed = seq;
	for (unsigned int w = 0; w < WORDS; w++) {
		v->holders[w] = v->entry->space->loaded[w];
		any |= v->holders[w] != 0;
	}
	if (!any)
		version_drop(en, v);
}

bool entry_in(const struct entry *entry, uint64_t start, uint64_t end)
{
	/* In terms of last bytes: the topmost entry's end would wrap around. */
	return end == ~0ull || (entry->start < end && entry->start + (entry->size - 1) >= start);
}

static bool allows(const struct version *now, const struct version *old)
{
	return !((old->pte ^ now->pte) & PTE_ADDR) && (!(old->pte & PTE_W) || now->pte & PTE_W);
}

bool version_benign(struct entries *en, const struct version *v, uint64_t since)
{
	for (const struct version *o = v->entry->newest; o; o = o->older, en->column->work++)
		if (o != v && o->done > since && allows(o, v))
			return true;
	return false;
}
