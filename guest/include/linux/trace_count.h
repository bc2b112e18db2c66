/* SPDX-License-Identifier: GPL-2.0-only */
/* Counting what would be events, for measurements that make more of them than can be kept. */
#ifndef _LINUX_TRACE_COUNT_H
#define _LINUX_TRACE_COUNT_H

#include <linux/types.h>
#include <pvtlb/event.h>

enum trace_counting {
	TRACE_COUNTS_NOT = 0,
	TRACE_COUNTS, /* and events are made as ever */
	TRACE_QUIET,  /* and no events are made: nothing can be held, or judged */
};
extern u32 trace_counts; /* enum trace_counting, of all CPUs */

/* Call-function IPIs of a CPU, by what they were sent for. */
struct trace_ipis {
	u64 other, flush, sync;
};

/* This CPU's IPIs count from 0; and whether events are made. */
void trace_count_from(enum trace_counting how);
struct trace_ipis trace_counted(void);
/* One event; false: it is not to be made. */
bool trace_count(enum pvtlb_event_id id);

#endif
