/* SPDX-License-Identifier: GPL-2.0-only */
/* Lockless walks: did one use a table that was no longer its to use, or end at a wrong page? */
#include "oracle/describe.h"
#include "oracle/walks.h"

static struct violation violation_of(enum violation_kind kind, const struct walk *walk,
				     const struct pvtlb_event *e)
{
	struct violation v = { .kind = kind, .cpu = e->cpu, .mm = walk->mm };
	struct part_walk *part = violation_part(&v, PART_WALK);

	part->begin = walk->begin;
	part->addr = walk->addr;
	return v;
}

/*
 * The event that brought the pointer to a table: the load from the table above it, which is
 * the last one of a table that maps more. A walk that looks at an entry again, higher up, has
 * the pointer to that one from where it had it the first time.
 */
static uint64_t pointer_to(struct way *way, const struct walk *walk, uint64_t shift)
{
	while (way->nr && way->level[way->nr - 1].shift <= shift)
		way->nr--;
	return way->nr ? way->level[way->nr - 1].seq : walk->begin;
}

static void went(struct way *way, const struct level *level)
{
	if (way->nr == WALK_LEVELS)
		way->nr--;
	way->level[way->nr++] = *level;
}

static enum violation_kind use_after(const struct phase *taken)
{
	static const enum violation_kind kinds[] = {
		[RELEASED_FREED] = VIOLATION_USE_AFTER_FREE,
		[RELEASED_DEPOSITED] = VIOLATION_USE_AFTER_DEPOSIT,
		[RELEASED_UNSHARED] = VIOLATION_USE_AFTER_UNSHARE,
	};

	return kinds[released_as(taken->id)];
}

/* By e it has read level's table, after the event since. Returns whether the table is known. */
static bool reads(struct walks *w, const struct walk *walk, struct level *level, uint64_t since,
		  const struct pvtlb_event *e)
{
	const struct table *table = tables_find(w->tables, level->table);
	const struct phase *taken;
	struct violation v;

	if (!table)
		return false;
	taken = table_taken(w->tables, table, level->pointer, since, walk);
	if (!taken)
		return true;
	v = violation_of(use_after(taken), walk, e);
	v.use_after.pointer = (struct part_pointer){ .at = level->pointer,
						     .with_walk = level->pointer == walk->begin };
	v.use_after.use = (struct part_use){ .at = e->seq, .entry = level->entry };
	violation_set_release(&v, table->gpa, taken);
	column_violation(w->column, &v);
	level->told = true;
	return true;
}

static void load(struct walks *w, const struct walk *walk, const struct pvtlb_event *e)
{
	const struct ev_walk_load *loaded = &e->walk_load;
	struct way *way = &w->way[e->cpu];
	struct level level = {
		.shift = loaded->shift,
		.seq = e->seq,
		.table = loaded->table,
		.pointer = pointer_to(way, walk, loaded->shift),
		.entry = loaded->entry,
	};

	w->loads += reads(w, walk, &level, loaded->since, e);
	went(way, &level);
}

/*
 * With its reference gup_fast looks again at the entry, and if that is one of a page table at the
 * one above: no event tells of it, but it comes after WALK_GRAB, and after what the VMM held the
 * CPU for there.
 */
static void looked_again(struct walks *w, const struct walk *walk, const struct pvtlb_event *e)
{
	struct way *way = &w->way[e->cpu];
	unsigned int left = way->nr && way->level[way->nr - 1].shift == 21 ? 2 : 1;

	if (walk->kind != PVTLB_WALK_GUP || !way->grab)
		return;
	for (unsigned int i = way->nr; i && left; i--, left--) {
		struct level *level = &way->level[i - 1];

		if (!level->told)
			reads(w, walk, level, way->looks, e);
		if (level->told)
			return;
	}
}

/* Where a walk arrived. */
struct arrival {
	uint64_t addr, page;
};

static bool led_there(const struct leaf *leaf, uint64_t pte, const void *ctx)
{
	const struct arrival *a = ctx;

	return pte & PTE_P && leaf_page(leaf, pte, a->addr) == a->page;
}

/*
 * With its reference gup_fast looks again at the entry, and if that is one of a page table at
 * the one above. Higher up it relies on the syncs.
 */
static bool still_led_there(struct walks *w, const struct leaf *leaf, uint64_t since,
			    const struct arrival *a)
{
	uint64_t looks_at = leaf->size > PVTLB_PAGE_SIZE ? __builtin_ctzll(leaf->size) : 21;

	return leaf_had_below(w->leaves, leaf, looks_at, since, led_there, a);
}

/* Returns whether it ended well. */
static bool end(struct walks *w, const struct walk *walk, const struct pvtlb_event *e)
{
	const struct arrival a = { walk->addr, e->walk_end.page };
	const struct change *now = NULL;
	uint64_t grab = w->way[e->cpu].grab;
	struct leaf *leaf[LEAVES_MAX];
	struct violation v;
	unsigned int nr;
	bool had = false;

	if (walk->kind != PVTLB_WALK_GUP || e->walk_end.outcome != PVTLB_WALK_PAGE)
		return true;
	nr = leaves_at(w->leaves, walk->mm, walk->addr, leaf);
	for (unsigned int i = 0; i < nr; i++) {
		const struct change *last = &leaf[i]->change[leaf[i]->nr_changes - 1];

		if (still_led_there(w, leaf[i], grab ? grab : walk->begin, &a))
			return true;
		had |= leaf_had(w->leaves, leaf[i], walk->begin, led_there, &a);
		if (!now || last->seq > now->seq)
			now = last;
	}
	v = violation_of(had ? VIOLATION_GRABBED : VIOLATION_WRONG_PAGE, walk, e);
	*(struct part_took *)violation_part(&v, PART_TOOK) =
		(struct part_took){ .at = e->seq, .page = a.page };
	if (now)
		*(struct part_entry *)violation_part(&v, PART_ENTRY) =
			(struct part_entry){ .pte = now->pte, .set = now->seq };
	if (had)
		v.grabbed.grab.at = grab;
	column_violation(w->column, &v);
	return false;
}

/* The walk was to keep interrupts, and with them the syncs, waiting until it is over. */
static void interrupt(struct walks *w, const struct walk *walk, const struct pvtlb_event *e)
{
	struct violation v;

	if (walk->kind != PVTLB_WALK_GUP || w->way[e->cpu].interrupted)
		return;
	w->way[e->cpu].interrupted = true;
	v = violation_of(VIOLATION_WALK_INTERRUPTED, walk, e);
	v.walk_interrupted.interrupt =
		(struct part_interrupt){ .at = e->seq, .vector = e->irq_entry.vector };
	column_violation(w->column, &v);
}

void walks_event(struct walks *w, const struct pvtlb_event *e)
{
	const struct walk *walk = &w->cpus->cpu[e->cpu].walk;

	if (e->id == PVTLB_EV_WALK_BEGIN)
		w->way[e->cpu] = (struct way){ 0 };
	else if (!walk->open)
		return;
	else if (e->id == PVTLB_EV_WALK_LOAD)
		load(w, walk, e);
	else if (e->id == PVTLB_EV_WALK_GRAB)
		w->way[e->cpu].grab = w->way[e->cpu].looks = e->seq;
	else if (e->id == PVTLB_EV_RESUMED && w->way[e->cpu].looks < e->resumed.by)
		w->way[e->cpu].looks = e->resumed.by;
	else if (e->id == PVTLB_EV_WALK_END && end(w, walk, e))
		looked_again(w, walk, e);
	else if (e->id == PVTLB_EV_IRQ_ENTRY)
		interrupt(w, walk, e);
}
