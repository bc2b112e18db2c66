/* SPDX-License-Identifier: GPL-2.0-only */
/* The TLB that the architecture permits, kept for each CPU, and what is judged by it. */
#ifndef VMM_ORACLE_PERMITTED_PERMITTED_H
#define VMM_ORACLE_PERMITTED_PERMITTED_H

#include "oracle/permitted/result.h"

struct tlbs;
/* Shown after each event: what CPUs may have cached by then. It may ask tlb_holds() (tlbs.h). */
typedef void permitted_watch_fn(void *ctx, struct tlbs *tlbs, const struct pvtlb_event *e);

/* What is to be assumed of a stream. */
struct permitted_terms {
	bool believed; /* the host's KVM plays the hypervisor: it does what it is asked */
	bool no_look;  /* no access is looked at */
	permitted_watch_fn *watch; /* may be NULL */
	void *watch_ctx;
};

/* The part by itself; pure. hit, when not NULL, is told of each violation. */
void oracle_permitted(const struct event_stream *stream, const struct permitted_terms *terms,
		      struct permitted *out, violation_fn *hit, void *ctx);

#endif
