/* SPDX-License-Identifier: GPL-2.0-only */
/* What flushes took, and whom they left out and why: numbers, which judge nothing. */
#ifndef VMM_ORACLE_COUNTS_H
#define VMM_ORACLE_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "events/events.h"

struct delivered;

/*
 * Of all flushes from FLUSH_BEGIN to FLUSH_END; but for the first, of those with remote targets,
 * that is with a FLUSH_MULTI that has another CPU than the initiator in it.
 *
 * A CPU of that mask, other than the initiator, is left out of a flush if an ELIDED says so, or
 * if it was neither interrupted nor flushed by the hypervisor (SERVED) and need not be. It is
 * counted once for each flush: as what ELIDED says, else as elsewhere, else as lazy.
 */
struct counts {
	uint64_t flushes;
	uint64_t remote;     /* of these, with remote targets */
	uint64_t interrupts; /* targets that were interrupted, as the delivered column has it */
	uint64_t hypercalls; /* by initiators, before their flushes returned */
	uint64_t lazy;	     /* left out: in lazy TLB mode, and no tables were unhooked */
	uint64_t preempted;  /* left out: preempted, says the initiator */
	uint64_t elsewhere;  /* left out: did not have the mm loaded, all the time */
	uint64_t syncs;		/* with lockless walkers */
	uint64_t syncs_skipped; /* of these, that were not sent */
	uint64_t sync_ipis;	/* CPUs that were to be interrupted by the others */
	/* Not judged: walks whose steps were lost, flushes without a range (docs/mm-kernel.md). */
	uint64_t walks_lost, flushes_unknown;
	bool gave_up;	     /* as in struct safe */
};

/* Count. Pure. delivered is what oracle_delivered() has found in the stream. */
void oracle_counts(const struct event_stream *stream, const struct delivered *delivered,
		   struct counts *out);

#endif
