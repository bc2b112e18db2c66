/* SPDX-License-Identifier: GPL-2.0-only */
/* The delivered column: which targets of flushes, and which walkers, were interrupted. */
#ifndef VMM_ORACLE_DELIVERED_H
#define VMM_ORACLE_DELIVERED_H

#include "base/backend.h"
#include "oracle/violation.h"

/*
 * Which targets of a flush took an interrupt, of any vector, between its begin and its end. A
 * target is a CPU of the flush's mask, other than the initiator, that has the mm loaded all
 * the time as far as its events tell; a lazy one only if the flush is for page tables, too.
 * All of the mask are while the mm is in transition to a global ASID.
 *
 * A walker is a CPU that was in a walk of an mm, with IRQs off, when a table of it was
 * unhooked. Before the table is freed, deposited or owned it has to be interrupted or to have
 * left that walk by itself.
 */
struct delivered {
	uint64_t flushes, targets, interrupted;
	/*
	 * CPUs in a walk of the mm with IRQs off when one of its tables was unhooked; of these,
	 * the ones that were interrupted before the table was used again.
	 */
	uint64_t walkers, walkers_interrupted;
	bool gave_up;	       /* as in struct safe */
	struct violations bad; /* against what the backend promises */
};

/* The column by itself; pure. hit, when not NULL, is told of each violation. */
void oracle_delivered(const struct event_stream *stream, enum interrupts promise,
		      struct delivered *out, violation_fn *hit, void *ctx);

#endif
