/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: pure functions from a stream of events to what was delivered and what was safe. */
#ifndef VMM_ORACLE_H
#define VMM_ORACLE_H

#include <stdint.h>

#include "oracle/counts.h"
#include "oracle/delivered.h"
#include "oracle/permitted/permitted.h"
#include "oracle/safe.h"

struct findings {
	struct delivered delivered;
	struct safe safe;
	struct permitted permitted; /* with the safe column */
	struct counts counts; /* whatever is claimed */
	uint32_t trials;   /* the highest number that began, plus 1 */
	uint32_t violated; /* of these, with a violation of either kind */
};

/* What a stream is judged by. */
struct oracle_terms {
	uint32_t claims; /* PVTLB_CLAIM_* */
	enum interrupts promise;
	bool by_host; /* the host's KVM plays the hypervisor, of which there are no events */
	bool no_look; /* by what happened alone, and not by what was seen through the hardware */
};

/*
 * Judge a stream by the columns that the claims name; the others stay empty. Pure.
 * Counts are of every stream.
 * Trials that a hostile stream numbers beyond ORACLE_MAX_TRIALS are not told apart.
 */
#define ORACLE_MAX_TRIALS (1u << 20)
void oracle(const struct event_stream *stream, const struct oracle_terms *terms,
	    struct findings *out);

#endif
