/* SPDX-License-Identifier: GPL-2.0-only */
/* Was every CPU that was in a walk when a table was unhooked interrupted before its release? */
#ifndef VMM_ORACLE_WALKERS_H
#define VMM_ORACLE_WALKERS_H

#include "oracle/column.h"
#include "oracle/cpus.h"
#include "oracle/cpuset.h"
#include "oracle/map.h"

/* A table that was unhooked from an mm while CPUs were walking that mm. */
struct watch {
	bool open;
	bool listed;   /* in its table's list */
	uint64_t next; /* of that list: place in watch[] + 1; 0: none */
	uint64_t table, unhook, mm;
	uint64_t walker[WORDS];
};

struct walkers {
	uint64_t irq[CPUS];	 /* each CPU's last IRQ_ENTRY */
	uint64_t walking[WORDS]; /* who is in a walk with IRQs off */
	struct watch *watch;
	size_t nr;
	struct map index; /* a table's gpa, mm: place in watch[] */
	struct map first; /* a table's gpa: the first of its list, as watch.next */
	struct column *column;
	const struct cpus *cpus;
	uint64_t walkers, interrupted;
};

void walkers_free(struct walkers *w);
/* Follow WALK_*, IRQ_ENTRY and TABLE_*. */
void walkers_event(struct walkers *w, const struct pvtlb_event *e);

#endif
