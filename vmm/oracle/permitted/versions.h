/* SPDX-License-Identifier: GPL-2.0-only */
/* What entries have said, each value until no TLB may have it any more. */
#ifndef VMM_ORACLE_PERMITTED_VERSIONS_H
#define VMM_ORACLE_PERMITTED_VERSIONS_H

#include "oracle/column.h"
#include "oracle/cpuset.h"
#include "oracle/map.h"

#define NOT_DONE (~0ull)

/* An mm. */
struct space {
	uint64_t mm, pgd;	/* pgd 0: none */
	uint64_t loaded[WORDS]; /* CPUs that may have anything of it cached, under whatever tag */
	bool pgds_told;		/* of stores to each of its pgds there are events */
	struct version *current, *ended;
};

/* A place for an entry: a leaf that maps size bytes from start, or a pointer to a table that does.
 */
struct entry {
	struct space *space;
	uint64_t start, size;
	bool table;
	uint64_t changed; /* the last event that announced a store to it, or told of one */
	struct version *newest;
	/* Who may have an old version that a violation tells of, and that is not kept any more. */
	uint64_t told[WORDS];
};

/* One present value of an entry. */
struct version {
	struct entry *entry;
	uint64_t pte;	 /* of a table: its address, and P */
	uint16_t by;	 /* the CPU that stores it */
	uint64_t set;	 /* the event from which on walks may find it */
	uint64_t stored; /* the one that told that its store is over; 0: none yet */
	uint64_t done;	 /* the one from which on they cannot; NOT_DONE */
	uint64_t due;	 /* when it had to be gone from everybody who was not excused; 0: not yet */
	uint64_t via;	 /* it ended as this table was unhooked above it; 0: with its own entry */
	/* Who may have it cached, once it is done: less those from whom it was removed by itself.
	 */
	uint64_t holders[WORDS];
	uint64_t told[WORDS]; /* a violation says so already */
	/* The store that ends it, before it is known to be over. */
	struct {
		bool on;
		bool gathered; /* within a gather of its mm by that CPU */
		uint16_t cpu;
		const struct space *space;
		uint64_t start, size;
		uint8_t pgds; /* bit n: the n-th pgd's entry has been stored */
	} ending;
	struct version *older;			 /* of the same entry */
	struct version *page_next, *page_prev;	 /* those with the same target */
	struct version *space_next, *space_prev; /* in the space's current or ended */
	struct version *ending_next;		 /* in the storing CPU's */
};

/* The mmu_gathers of a CPU. */
struct gathers {
	uint64_t mm;   /* of the first of those that are open */
	uint32_t open; /* how many */
	uint64_t asked_mm,
		asked; /* the last one that was to finish: its mm, when it asked for others */
};

struct entries {
	struct column *column;
	struct space **space;
	size_t nr_spaces;
	struct entry **entry;
	size_t nr_entries;
	struct map by_mm, by_pgd; /* the space: its index */
	struct map by_place;	  /* (start, space and shape): the entry's index */
	struct map by_page;	  /* (target, is it a table): the first version, by address */
	uint64_t sizes;		  /* of leaves that there are, or'ed */
	struct version *ending[CPUS];
	struct gathers gathers[CPUS];
};

/* From e on, by its CPU, the entry will say pte, which may be nothing that is present. */
void version_add(struct entries *en, struct entry *entry, uint64_t pte,
		 const struct pvtlb_event *e);
/* The store of an entry of that space, place and size, by the CPU of e, is to end the version. */
void version_end(struct entries *en, struct version *v, const struct pvtlb_event *e,
		 const struct space *space, uint64_t start, uint64_t size);
/* It is over: no walk can find it; who has the mm loaded may have it cached. */
void version_done(struct entries *en, struct version *v, uint64_t seq);
/* Nobody can have it cached any more. */
void version_drop(struct entries *en, struct version *v);

/* The versions with that target: v = versions_of(), then v->page_next. */
struct version *versions_of(struct entries *en, uint64_t page, bool table);
/* What the entry says now, whoever is about to change it: NULL, not present. */
struct version *entry_now(const struct entry *entry);

uint64_t version_target(const struct version *v);
/* Does [start, end), end ~0: all, reach into the entry? */
bool entry_in(const struct entry *entry, uint64_t start, uint64_t end);
/*
 * Is it of no harm to have the version, though its entry has changed, as what was in force at
 * `since` or later says the same, or allows more? Then at worst there is a spurious fault (Intel
 * SDM vol. 3A, 4.10.4.3).
 */
bool version_benign(struct entries *en, const struct version *v, uint64_t since);

#endif
