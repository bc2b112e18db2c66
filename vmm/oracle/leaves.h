/* SPDX-License-Identifier: GPL-2.0-only */
/* Leaf entries and their pasts: what was mapped where, when, and which flushes covered it. */
#ifndef VMM_ORACLE_LEAVES_H
#define VMM_ORACLE_LEAVES_H

#include "oracle/column.h"
#include "oracle/cpus.h"

#define PTE_P	 (1ull << 0)
#define PTE_W	 (1ull << 1)
#define PTE_ADDR 0x000ffffffffff000ull

/*
 * An entry that may be seen from seq on. What it replaces may be seen until done, the event
 * that told that the store was over; 0: not yet.
 */
struct change {
	uint64_t seq, done, pte;
	uint16_t cpu;
	uint16_t shift; /* of the entry stored: the leaf's own, or a table's above it */
};

/* One leaf entry of one mm. It has at least one change. */
struct leaf {
	uint64_t mm, start, size;
	struct change *change;
	size_t nr_changes;
	struct flushed *cover; /* the flushes that reached into it, in the order of their ends */
	size_t nr_covers;
};

struct leaves {
	struct leaf **leaf; /* in the order of mm, start and size */
	size_t nr;
	uint64_t shifts; /* bit n: there is a leaf of 2^n bytes */
	struct column *column;
};

void leaves_free(struct leaves *l);

/* Follow PTE_SET, PTE_STORED, TABLE_UNHOOK, and the end of a flush. */
void leaves_set(struct leaves *l, const struct pvtlb_event *e);
void leaves_stored(struct leaves *l, const struct pvtlb_event *e);
void leaves_unhook(struct leaves *l, const struct pvtlb_event *e);
void leaves_flush(struct leaves *l, const struct flush *flush, const struct pvtlb_event *e);

/*
 * The leaves that are, or were, for addr: at most one of a size, for a place may have had a
 * large page at one time and small ones at another. Returns how many.
 */
#define LEAVES_MAX 64
unsigned int leaves_at(struct leaves *l, uint64_t mm, uint64_t addr,
		       struct leaf *found[LEAVES_MAX]);

/* Of the flushes ended by then, or of those for tables among them, the one begun last. */
const struct flushed *leaf_cover(struct leaves *l, const struct leaf *leaf, uint64_t until,
				 bool tables);

/* Was there an entry, in force at since or later, that fits? */
typedef bool leaf_fits_fn(const struct leaf *leaf, uint64_t pte, const void *ctx);
bool leaf_had(struct leaves *l, const struct leaf *leaf, uint64_t since, leaf_fits_fn *fits,
	      const void *ctx);
/* The same for one who looks no higher: what was unhooked above entries of that shift is there. */
bool leaf_had_below(struct leaves *l, const struct leaf *leaf, uint64_t shift, uint64_t since,
		    leaf_fits_fn *fits, const void *ctx);

/* The page that a present entry maps at addr. */
uint64_t leaf_page(const struct leaf *leaf, uint64_t pte, uint64_t addr);
/* Could the access have come out like this with an entry that maps size bytes from start? */
bool pte_gives(uint64_t pte, uint64_t start, uint64_t size, const struct ev_access *e);

#endif
