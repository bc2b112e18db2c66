/* SPDX-License-Identifier: GPL-2.0-only */
/* How far a guest has come: is its run a whole one? */
#ifndef VMM_COURSE_H
#define VMM_COURSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"
#include "events/events.h"

/* What the events tell of it. */
struct run_course {
	uint64_t done;	 /* the event by which CPU 0 says that the boot is over; 0: there is none */
	uint64_t beyond; /* a trial that began after it; 0: none did */
	bool any_trial, any_up;
	uint32_t trials; /* that CPU 0 has begun, counted through from 0 */
	struct pvtlb_cpuset up;
	/* A CPU that is still in it when the events end: begin is its event, 0 if there is none. */
	struct {
		uint64_t begin;
		const char *what;
		unsigned int cpu;
	} open;
	/* Of a run, not of a trace: a CPU that has not arrived from its phase; 0: all have. */
	unsigned int absent;
	bool one_offline; /* the scenario leaves the last CPU off */
};

/* Fill in what the events tell; the rest is left alone. */
void course_follow(struct run_course *course, const struct event_stream *stream);

/*
 * Is something missing of a run of the configuration with these claims (PVTLB_CLAIM_*)? Then why
 * says what. The end of the boot, the trials that were asked for (of a free run: one), every CPU
 * up, and none of them in the middle of something.
 *
 * A trace may be by hand, and leave out whole kinds of events: if no CPU says that it comes up,
 * or no trial that it begins, that is not held against it. Nor is a last CPU that is not there.
 */
bool course_is_short(const struct run_course *course, const struct run_config *config,
		     uint32_t claims, bool from_trace, char *why, size_t len);

#endif
