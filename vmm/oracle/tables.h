/* SPDX-License-Identifier: GPL-2.0-only */
/* Page tables and their pasts: hooked, unhooked, flushed, and given to another use. */
#ifndef VMM_ORACLE_TABLES_H
#define VMM_ORACLE_TABLES_H

#include "oracle/column.h"
#include "oracle/cpus.h"
#include "oracle/map.h"

/*
 * One event of a table's life. A release, which is a FREE, DEPOSIT or OWN, has what led up to
 * it, too.
 */
struct phase {
	uint64_t seq, gen;
	uint16_t id, cpu; /* PVTLB_EV_TABLE_* */
	bool sync_skipped;
	uint64_t mm;	 /* of an OWN: whose it is now */
	uint64_t unhook; /* the last one, 0: none */
	uint64_t sync;	 /* the releasing CPU's last one since, 0: none */
	struct flushed flush;
};

/* How a table was unhooked last. */
struct unhook {
	uint64_t seq;	 /* 0: not at all */
	uint64_t stored; /* when the store was over; 0: not yet */
	uint64_t mm, addr, start, size;
	struct flushed flush; /* the first that ended what was cached through it */
	bool waiting;	      /* for such a flush: it is in tables.waiting */
	bool told;	      /* released without one, and a violation said so */
};

struct table {
	uint64_t gpa;
	bool known; /* since its TABLE_ALLOC */
	struct phase *phase;
	size_t nr_phases;
	struct unhook unhook;
};

struct tables {
	struct table *table;
	size_t nr;
	struct map index; /* gpa: place in table[] */
	size_t *waiting;  /* places of those that are unhooked and not flushed */
	size_t nr_waiting;
	size_t storing[CPUS]; /* 1 + place of the table whose unhooking the CPU stores; 0: none */
	struct column *column;
	const struct cpus *cpus;
};

void tables_free(struct tables *t);

/*
 * Follow TABLE_*, PTE_STORED and the end of a flush. Finds out whether a table is released
 * while hardware may still walk through it.
 */
void tables_event(struct tables *t, const struct pvtlb_event *e);
void tables_stored(struct tables *t, const struct pvtlb_event *e);
void tables_flush(struct tables *t, const struct flush *flush, const struct pvtlb_event *e);

/* The table at that address, or NULL if its TABLE_ALLOC was not seen. */
const struct table *tables_find(const struct tables *t, uint64_t gpa);

/*
 * The event that took the table away from a walk that got its pointer with event `after` and
 * went through it with the sequence at `since` or later; NULL: none surely did.
 */
const struct phase *table_taken(const struct tables *t, const struct table *table, uint64_t after,
				uint64_t since, const struct walk *walk);

/* The table that a TABLE_* event is about; gen: in which generation. */
uint64_t event_table(const struct pvtlb_event *e, uint64_t *gen);

/* What a PVTLB_EV_TABLE_* that releases a table makes of it. */
enum release released_as(uint16_t id);
/* Name the table and its release, with what led up to it, in a violation about one. */
void violation_set_release(struct violation *v, uint64_t table, const struct phase *release);

#endif
