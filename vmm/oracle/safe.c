/* SPDX-License-Identifier: GPL-2.0-only */
/* The safe column: did an access use a translation that a completed flush had ended? */
#include <stdlib.h>

#include "oracle/oracle.h"
#include "pvtlb/types.h"

#define PTE_P	  (1ull << 0)
#define PTE_W	  (1ull << 1)
#define PTE_ADDR  0x000ffffffffff000ull
#define FLUSH_ALL (~0ull)
#define CPUS	  (64 * PVTLB_CPUSET_WORDS)

/* An entry as it was from an event on; a flush that covered it, by its two events. */
struct change {
	uint64_t seq, pte;
};
struct cover {
	uint64_t begin, end;
	unsigned int initiator;
};

/* One leaf entry of one mm, and its past. */
struct leaf {
	uint64_t mm, start, size;
	struct change *change;
	size_t nr_changes;
	struct cover *cover;
	size_t nr_covers;
};

struct open_flush {
	bool open;
	uint64_t begin, mm, start, end;
};

struct state {
	struct leaf *leaf;
	size_t nr_leaves;
	struct open_flush flush[CPUS];
	uint32_t trial, step;
	uint64_t work, kept;
};

/* Room for one more behind nr elements; grows at powers of two. */
static void *grow(void *array, size_t nr, size_t size)
{
	if (nr & (nr - 1) && nr)
		return array;
	array = realloc(array, (nr ? 2 * nr : 1) * size);
	if (!array)
		abort();
	return array;
}

static bool leaf_maps(const struct leaf *leaf, uint64_t mm, uint64_t addr)
{
	return leaf->mm == mm && addr - leaf->start < leaf->size;
}

/* A place may have had a large page at one time and small ones at another: a leaf of each. */
static struct leaf *find_leaf(struct state *s, uint64_t mm, uint64_t addr, uint64_t size)
{
	for (size_t i = 0; i < s->nr_leaves; i++)
		if (s->leaf[i].size == size && leaf_maps(&s->leaf[i], mm, addr))
			return &s->leaf[i];
	return NULL;
}

static void add_change(struct leaf *leaf, uint64_t seq, uint64_t pte)
{
	leaf->change = grow(leaf->change, leaf->nr_changes, sizeof(*leaf->change));
	leaf->change[leaf->nr_changes++] = (struct change){ seq, pte };
}

/* args: mm, addr, old, new, shift */
static void pte_set(struct state *s, const struct pvtlb_event *e)
{
	uint64_t size = e->arg[4] < 64 ? 1ull << e->arg[4] : 0;
	struct leaf *leaf = size ? find_leaf(s, e->arg[0], e->arg[1], size) : NULL;

	s->work += s->nr_leaves;

	if (!size)
		return;
	if (!leaf) {
		s->leaf = grow(s->leaf, s->nr_leaves, sizeof(*s->leaf));
		leaf = &s->leaf[s->nr_leaves++];
		*leaf = (struct leaf){
			.mm = e->arg[0],
			.start = e->arg[1] & ~(size - 1),
			.size = size,
		};
		add_change(leaf, 0, e->arg[2]);
	}
	add_change(leaf, e->seq, e->arg[3]);
}

/* args: mm, start, end */
static void flush_begin(struct state *s, const struct pvtlb_event *e)
{
	s->flush[e->cpu] = (struct open_flush){
		.open = true,
		.begin = e->seq,
		.mm = e->arg[0],
		.start = e->arg[1],
		.end = e->arg[2],
	};
}

static void flush_end(struct state *s, const struct pvtlb_event *e)
{
	struct open_flush *f = &s->flush[e->cpu];

	s->work += s->nr_leaves;
	for (size_t i = 0; f->open && i < s->nr_leaves; i++) {
		struct leaf *leaf = &s->leaf[i];

		if (leaf->mm != f->mm)
			continue;
		/* In terms of last bytes: the topmost leaf's end would wrap around. */
		if (f->end != FLUSH_ALL &&
		    (f->start > leaf->start + (leaf->size - 1) || f->end <= leaf->start))
			continue;
		leaf->cover = grow(leaf->cover, leaf->nr_covers, sizeof(*leaf->cover));
		s->kept++;
		leaf->cover[leaf->nr_covers++] = (struct cover){ f->begin, e->seq, e->cpu };
	}
	f->open = false;
}

/* Could the access have come out like this with the entry? args: mm, addr, op, outcome, value */
static bool agrees(const struct leaf *leaf, uint64_t pte, const struct pvtlb_event *e)
{
	bool write = e->arg[2] == PVTLB_ACCESS_WRITE;
	uint64_t offset = (e->arg[1] - leaf->start) & ~(PVTLB_PAGE_SIZE - 1);

	switch (e->arg[3]) {
	case PVTLB_ACCESS_NOT_PRESENT:
		return !(pte & PTE_P);
	case PVTLB_ACCESS_PROTECTED:
		return pte & PTE_P && write && !(pte & PTE_W);
	case PVTLB_ACCESS_OK:
		return pte & PTE_P && (!write || pte & PTE_W) &&
		       e->arg[4] == (pte & PTE_ADDR & ~(leaf->size - 1)) + offset;
	}
	return false;
}

/*
 * The flush that ended before that and began last. They are in the order of their ends: one
 * that ended before the best so far began cannot be better, nor can those in front of it.
 */
static const struct cover *last_cover(struct state *s, const struct leaf *leaf, uint64_t before)
{
	const struct cover *best = NULL;
	size_t i = leaf->nr_covers;

	for (; i && leaf->cover[i - 1].end > before; i--)
		s->work++;
	for (; i && (!best || leaf->cover[i - 1].end > best->begin); i--)
		if (!best || leaf->cover[i - 1].begin > best->begin)
			best = &leaf->cover[i - 1];
	return best;
}

/* Does it agree with what the leaf was at any time since the flush began? */
static bool agrees_since(struct state *s, const struct leaf *leaf, const struct cover *cover,
			 const struct pvtlb_event *e)
{
	/* From the last entry backwards, down to the one in force when the flush began. */
	for (size_t i = leaf->nr_changes; i--; s->work++) {
		if (agrees(leaf, leaf->change[i].pte, e))
			return true;
		if (leaf->change[i].seq < cover->begin)
			break;
	}
	return false;
}

static void check_access(struct state *s, const struct pvtlb_event *e, struct safe *out,
			 violation_fn *hit, void *ctx)
{
	const struct change *now = NULL;
	const struct cover *cover = NULL;
	struct violation v;
	bool large = false;

	s->work += 2 * s->nr_leaves;
	for (size_t i = 0; i < s->nr_leaves; i++) {
		const struct leaf *leaf = &s->leaf[i];
		const struct change *last = &leaf->change[leaf->nr_changes - 1];
		const struct cover *c;

		if (!leaf_maps(leaf, e->arg[0], e->arg[1]))
			continue;
		c = last_cover(s, leaf, e->arg[5]);
		if (c && (!cover || c->begin > cover->begin))
			cover = c;
		if (!now || last->seq > now->seq) {
			now = last;
			large = leaf->size > PVTLB_PAGE_SIZE;
		}
	}
	if (!cover)
		return;
	out->checks++;
	out->checks_large += large;
	for (size_t i = 0; i < s->nr_leaves; i++)
		if (leaf_maps(&s->leaf[i], e->arg[0], e->arg[1]) &&
		    agrees_since(s, &s->leaf[i], cover, e))
			return;
	v = (struct violation){
		.kind = VIOLATION_STALE,
		.cpu = e->cpu,
		.trial = s->trial,
		.step = s->step,
		.mm = e->arg[0],
		.initiator = cover->initiator,
		.flush_begin = cover->begin,
		.flush_end = cover->end,
		.access = e->seq,
		.addr = e->arg[1],
		.op = e->arg[2],
		.outcome = e->arg[3],
		.value = e->arg[4],
		.pte = now->pte,
		.pte_set = now->seq,
	};
	out->bad_large += large;
	violations_add(&out->bad, &v);
	if (hit)
		hit(ctx, &v);
}

void oracle_safe(const struct event_stream *stream, struct safe *out, violation_fn *hit, void *ctx)
{
	struct state s = { 0 };

	*out = (struct safe){ 0 };
	for (size_t i = 0; i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];

		if (s.work > ORACLE_MAX_WORK || s.kept > ORACLE_MAX_KEPT) {
			out->gave_up = true;
			break;
		}
		if (e->cpu >= CPUS)
			continue;
		switch (e->id) {
		case PVTLB_EV_TRIAL:
			s.trial = e->arg[0];
			s.step = e->arg[1];
			break;
		case PVTLB_EV_PTE_SET:
			pte_set(&s, e);
			break;
		case PVTLB_EV_FLUSH_BEGIN:
			flush_begin(&s, e);
			break;
		case PVTLB_EV_FLUSH_END:
			flush_end(&s, e);
			break;
		case PVTLB_EV_ACCESS:
			check_access(&s, e, out, hit, ctx);
			break;
		}
	}
	for (size_t i = 0; i < s.nr_leaves; i++) {
		free(s.leaf[i].change);
		free(s.leaf[i].cover);
	}
	free(s.leaf);
}
