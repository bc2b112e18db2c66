/* SPDX-License-Identifier: GPL-2.0-only */
/* The TLB that the architecture permits, kept for each CPU, and what is judged by it. */
#ifndef VMM_ORACLE_PERMITTED_PERMITTED_H
#define VMM_ORACLE_PERMITTED_PERMITTED_H

#include "oracle/permitted/result.h"

/* What is to be assumed of a stream. */
struct permitted_terms {
	bool believed; /* the host's KVM plays the hypervisor: it does what it is asked */
	bool no_look;  /* no access is looked at */
};

/* The part by itself; pure. hit, when not NULL, is told of each violation. */
void oracle_permitted(const struct event_stream *stream, const struct permitted_terms *terms,
		      struct permitted *out, violation_fn *hit, void *ctx);

#endif
