/* SPDX-License-Identifier: GPL-2.0-only */
/* What a hypervisor says that it has flushed, held against the flush that it was asked for. */
#ifndef VMM_ORACLE_SERVED_H
#define VMM_ORACLE_SERVED_H

#include "oracle/column.h"
#include "oracle/cpuset.h"

/* One SERVED event: pages from start to end, ~0 for all, of these CPUs. */
struct served_range {
	uint64_t start, end;
	uint64_t cpus[WORDS];
};

/* Those of the flush that a CPU is in. */
struct served {
	struct served_range *range;
	size_t nr;
	uint64_t cpus[WORDS]; /* of all of them together */
};

void served_add(struct served *served, const struct pvtlb_event *e, struct column *column);
/* Is all of [start, end) among what was flushed on this CPU? In any order, in any pieces. */
bool served_covers(const struct served *served, unsigned int cpu, uint64_t start, uint64_t end,
		   struct column *column);
/* Forget them: the next flush begins. */
void served_reset(struct served *served);

#endif
