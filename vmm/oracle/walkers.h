/* SPDX-License-Identifier: GPL-2.0-only */
/* Was every CPU that was in a walk when a table was unhooked interrupted before its release? */
#ifndef VMM_ORACLE_WALKERS_H
#define VMM_ORACLE_WALKERS_H

#include "oracle/column.h"
#include "oracle/cpus.h"
#include "oracle/cpuset.h"
#include "oracle/map.h"

/* A table that was unhooked while CPUs were walking its mm. */
struct watch {
	bool open;
	uint64_t table, unhook, mm;
	uint64_t walker[WORDS];
};

struct walkers {
	uint64_t irq[CPUS];	 /* each CPU's last IRQ_ENTRY */
	uint64_t walking[WORDS]; /* who is in a walk with IRQs off */
	struct watch *watch;
	size_t nr;
	struct map index; /* a table's gpa: place in watch[] */
	struct column *column;
	const struct cpus *cpus;
	uint64_t walkers, interrupted;
};

void walkers_free(struct walkers *w);
/* Follow WALK_*, IRQ_ENTRY and TABLE_*. */
void walkers_event(struct walkers *w, const struct pvtlb_event *e);

#endif
