/* SPDX-License-Identifier: GPL-2.0-only */
/* Event rings, written the way the guest writes them. */
#ifndef TESTS_RINGS_H
#define TESTS_RINGS_H

#include "events/events.h"
#include "unit_util.h"

#define CAP	EVENT_RING_CAPACITY
#define CPUS	3u
#define SOURCES 2u /* lines in the image that emit events */

/* A machine's rings and its one sequence, in memory of the exact size. */
struct rings {
	struct event_log log;
	struct pvtlb_ring *ring[CPUS];
	uint64_t sequence;
};

void rings_start(struct rings *g);
void rings_stop(struct rings *g);

/* trace_event() in two halves, so that a test can look in between: the slot, or NULL if full. */
struct pvtlb_event *ring_reserve(struct rings *g, unsigned int cpu);
void ring_commit(struct rings *g, unsigned int cpu, struct pvtlb_event *event, uint64_t arg);
/* Write an event; its sequence number is its argument, to find it again. */
struct pvtlb_event *ring_trace(struct rings *g, unsigned int cpu);

/* Finish and compare: numbers of events, and that each is what was written in its place. */
void expect_log(struct rings *g, uint64_t nr, uint64_t lost, uint64_t malformed);

#endif
