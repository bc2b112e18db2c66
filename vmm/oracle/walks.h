/* SPDX-License-Identifier: GPL-2.0-only */
/* Lockless walks: did one use a table that was no longer its to use, or end at a wrong page? */
#ifndef VMM_ORACLE_WALKS_H
#define VMM_ORACLE_WALKS_H

#include "oracle/column.h"
#include "oracle/cpus.h"
#include "oracle/leaves.h"
#include "oracle/tables.h"

/* The loads on the way to where a walk is, topmost first. */
#define WALK_LEVELS 8
struct way {
	struct level {
		uint64_t shift, seq;
		uint64_t table, pointer; /* read from, and the event that brought its address */
		uint64_t entry;
		bool told; /* a violation says that it was no longer to be read */
	} level[WALK_LEVELS];
	unsigned int nr;
	bool interrupted; /* and a violation said so */
	uint64_t grab;	  /* its WALK_GRAB, 0: none */
	uint64_t looks;	  /* what it looks at again with its reference it reads after this event */
};

struct walks {
	struct way way[CPUS];
	struct column *column;
	const struct cpus *cpus;
	struct leaves *leaves;
	const struct tables *tables;
	uint64_t loads; /* of known tables: what was checked */
};

/* Follow WALK_*, RESUMED and IRQ_ENTRY. */
void walks_event(struct walks *w, const struct pvtlb_event *e);

#endif
