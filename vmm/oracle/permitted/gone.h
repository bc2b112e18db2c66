/* SPDX-License-Identifier: GPL-2.0-only */
/* What has to be gone from TLBs when: rules about flushes, calls, pages and tables. */
#ifndef VMM_ORACLE_PERMITTED_GONE_H
#define VMM_ORACLE_PERMITTED_GONE_H

#include "oracle/permitted/asked.h"
#include "oracle/permitted/holders.h"
#include "oracle/permitted/result.h"

struct gone {
	struct column *column;
	struct tlbs *tlbs;
	struct asked *asked;
	struct permitted *out;
};

/* What the CPU of an event was before it. */
struct before {
	bool away, lazy, down;
};

/*
 * missed-flush, unflushed, page-early, table-early and came-back: judge FLUSH_END, RETURNS,
 * PAGE_FREE, what releases tables, and the events with which CPUs come back; all else has
 * followed the event already.
 */
void gone_event(struct gone *g, const struct pvtlb_event *e, const struct before *before);

#endif
