/* SPDX-License-Identifier: GPL-2.0-only */
/* Leaf entries and their pasts. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "oracle/leaves.h"

/* What a leaf weighs with its first change, in entries kept; and to look at, in a range. */
#define LEAF_KEPT 4
#define LEAF_WORK 8

void leaves_free(struct leaves *l)
{
	for (size_t i = 0; i < l->nr; i++) {
		free(l->leaf[i]->change);
		free(l->leaf[i]->cover);
		free(l->leaf[i]);
	}
	free(l->leaf);
}

/* 0 for a shift that no entry can have. */
static uint64_t size_of(uint64_t shift)
{
	return shift < 64 ? 1ull << shift : 0;
}

static bool before(const struct leaf *leaf, uint64_t mm, uint64_t start, uint64_t size)
{
	if (leaf->mm != mm)
		return leaf->mm < mm;
	if (leaf->start != start)
		return leaf->start < start;
	return leaf->size < size;
}

/* Where the leaf is, or belongs. */
static size_t place_of(struct leaves *l, uint64_t mm, uint64_t start, uint64_t size)
{
	size_t from = 0, to = l->nr;

	while (from < to) {
		size_t i = from + (to - from) / 2;

		l->column->work++;
		if (before(l->leaf[i], mm, start, size))
			from = i + 1;
		else
			to = i;
	}
	return from;
}

static struct leaf *find(struct leaves *l, uint64_t mm, uint64_t start, uint64_t size)
{
	size_t i = place_of(l, mm, start, size);
	struct leaf *leaf = i < l->nr ? l->leaf[i] : NULL;

	return leaf && leaf->mm == mm && leaf->start == start && leaf->size == size ? leaf : NULL;
}

static struct leaf *insert(struct leaves *l, uint64_t mm, uint64_t start, uint64_t size)
{
	size_t i = place_of(l, mm, start, size);
	struct leaf *leaf = malloc(sizeof(*leaf));

	if (!leaf)
		abort();
	*leaf = (struct leaf){ .mm = mm, .start = start, .size = size };
	l->leaf = grow(l->leaf, l->nr, sizeof(*l->leaf));
	memmove(&l->leaf[i + 1], &l->leaf[i], (l->nr - i) * sizeof(*l->leaf));
	l->column->work += l->nr - i;
	l->column->kept += LEAF_KEPT;
	l->leaf[i] = leaf;
	l->nr++;
	l->shifts |= size;
	return leaf;
}

unsigned int leaves_at(struct leaves *l, uint64_t mm, uint64_t addr, struct leaf *found[LEAVES_MAX])
{
	unsigned int nr = 0;

	for (uint64_t left = l->shifts; left; left &= left - 1) {
		uint64_t size = left & -left;
		struct leaf *leaf = find(l, mm, addr & ~(size - 1), size);

		if (leaf)
			found[nr++] = leaf;
	}
	return nr;
}

static void add_change(struct leaves *l, struct leaf *leaf, const struct change *change)
{
	leaf->change = grow(leaf->change, leaf->nr_changes, sizeof(*change));
	leaf->change[leaf->nr_changes++] = *change;
	l->column->kept++;
}

void leaves_set(struct leaves *l, const struct pvtlb_event *e)
{
	uint64_t size = size_of(e->pte_set.shift), start = e->pte_set.addr & ~(size - 1);
	const struct change old = { .pte = e->pte_set.old };
	const struct change new = {
		.seq = e->seq, .pte = e->pte_set.new, .cpu = e->cpu, .shift = e->pte_set.shift
	};
	struct leaf *leaf;

	if (!size)
		return;
	leaf = find(l, e->pte_set.mm, start, size);
	if (!leaf) {
		leaf = insert(l, e->pte_set.mm, start, size);
		add_change(l, leaf, &old);
	}
	add_change(l, leaf, &new);
}

/* The leaves of mm that begin within the size bytes from start are those from..to - 1. */
static void range_of(struct leaves *l, uint64_t mm, uint64_t start, uint64_t size, size_t *from,
		     size_t *to)
{
	*from = place_of(l, mm, start, 0);
	*to = place_of(l, mm, start + (size - 1), UINT64_MAX);
}

/*
 * Tables are in force together with what they hold: with the entry that points to the table
 * all leaves below it go, too.
 */
void leaves_unhook(struct leaves *l, const struct pvtlb_event *e)
{
	uint64_t size = size_of(e->table_unhook.shift);
	const struct change gone = {
		.seq = e->seq, .cpu = e->cpu, .shift = e->table_unhook.shift
	};
	size_t from, to;

	if (!size)
		return;
	range_of(l, e->table_unhook.mm, e->table_unhook.addr & ~(size - 1), size, &from, &to);
	l->column->work += LEAF_WORK * (to - from);
	for (; from < to; from++) {
		struct leaf *leaf = l->leaf[from];

		if (leaf->size < size && leaf->change[leaf->nr_changes - 1].pte & PTE_P)
			add_change(l, leaf, &gone);
	}
}

/*
 * The CPU's stores of an entry of that shift are over: one leaf's own, or all that went with a
 * table. Changes that are not done yet are the last ones: a lock serializes them.
 */
void leaves_stored(struct leaves *l, const struct pvtlb_event *e)
{
	uint64_t size = size_of(e->pte_stored.shift);
	size_t from, to;

	if (!size)
		return;
	range_of(l, e->pte_stored.mm, e->pte_stored.addr & ~(size - 1), size, &from, &to);
	for (; from < to; from++) {
		struct leaf *leaf = l->leaf[from];

		l->column->work += LEAF_WORK;
		for (size_t i = leaf->nr_changes; i-- && !leaf->change[i].done; l->column->work++)
			if (leaf->change[i].cpu == e->cpu &&
			    leaf->change[i].shift == e->pte_stored.shift)
				leaf->change[i].done = e->seq;
	}
}

static void add_cover(struct leaves *l, struct leaf *leaf, const struct flushed *cover)
{
	leaf->cover = grow(leaf->cover, leaf->nr_covers, sizeof(*cover));
	leaf->cover[leaf->nr_covers++] = *cover;
	l->column->kept++;
}

/* The flush has ended, with e. */
void leaves_flush(struct leaves *l, const struct flush *flush, const struct pvtlb_event *e)
{
	const struct flushed cover = flush_ended(flush, e);
	uint64_t largest = l->shifts ? 1ull << (63 - __builtin_clzll(l->shifts)) : 1;
	/* A large leaf that the flush reaches into may begin in front of it. */
	size_t i = place_of(l, flush->mm,
			    flush->end == UINT64_MAX ? 0 : flush->start & ~(largest - 1), 0);

	for (; i < l->nr && l->leaf[i]->mm == flush->mm && l->leaf[i]->start < flush->end; i++) {
		l->column->work += LEAF_WORK;
		if (flush_reaches(flush, flush->mm, l->leaf[i]->start, l->leaf[i]->size))
			add_cover(l, l->leaf[i], &cover);
	}
}

/*
 * They are in the order of their ends: one that ended before the best so far began cannot be
 * better, nor can those in front of it.
 */
const struct flushed *leaf_cover(struct leaves *l, const struct leaf *leaf, uint64_t until,
				 bool tables)
{
	const struct flushed *best = NULL;

	for (size_t i = leaf->nr_covers; i--; l->column->work++) {
		const struct flushed *c = &leaf->cover[i];

		if (c->end > until || (tables && !c->tables))
			continue;
		if (best && c->end < best->begin)
			break;
		if (!best || c->begin > best->begin)
			best = c;
	}
	return best;
}

/* From the last one backwards, down to the one that was surely in force. */
bool leaf_had_below(struct leaves *l, const struct leaf *leaf, uint64_t shift, uint64_t since,
		    leaf_fits_fn *fits, const void *ctx)
{
	for (size_t i = leaf->nr_changes; i--; l->column->work++) {
		const struct change *change = &leaf->change[i];

		if (change->shift > shift)
			continue;
		if (fits(leaf, change->pte, ctx))
			return true;
		if (change->done && change->done <= since)
			break;
	}
	return false;
}

bool leaf_had(struct leaves *l, const struct leaf *leaf, uint64_t since, leaf_fits_fn *fits,
	      const void *ctx)
{
	return leaf_had_below(l, leaf, UINT64_MAX, since, fits, ctx);
}

static uint64_t page_at(uint64_t pte, uint64_t start, uint64_t size, uint64_t addr)
{
	return (pte & PTE_ADDR & ~(size - 1)) + ((addr - start) & ~(PVTLB_PAGE_SIZE - 1));
}

uint64_t leaf_page(const struct leaf *leaf, uint64_t pte, uint64_t addr)
{
	return page_at(pte, leaf->start, leaf->size, addr);
}

bool pte_gives(uint64_t pte, uint64_t start, uint64_t size, const struct ev_access *e)
{
	bool write = e->op == PVTLB_ACCESS_WRITE;

	switch (e->outcome) {
	case PVTLB_ACCESS_NOT_PRESENT:
		return !(pte & PTE_P);
	case PVTLB_ACCESS_PROTECTED:
		return pte & PTE_P && write && !(pte & PTE_W);
	case PVTLB_ACCESS_OK:
		return pte & PTE_P && (!write || pte & PTE_W) &&
		       e->value == page_at(pte, start, size, e->addr);
	}
	return false;
}
