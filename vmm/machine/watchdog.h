/* SPDX-License-Identifier: GPL-2.0-only */
/* The watchdog: ends a guest that makes no progress, and says what each CPU was doing. */
#ifndef VMM_WATCHDOG_H
#define VMM_WATCHDOG_H

#include <stdint.h>
#include <stdio.h>

struct machine;

/* Progress is a new event. A guest that makes events for ever is ended after this many times. */
#define WATCHDOG_TOTAL 30

struct watchdog {
	uint64_t last_seq;
	double quiet_until, end, last; /* seconds of the monotonic clock */
	unsigned int timeout, total; /* seconds */
};

/*
 * t, here and below: seconds_now(). Between two looks no more than PATIENCE_GAP counts: where
 * this process was stopped for longer, or got no CPU, the guest got none either. stress: seconds that the guest has
 * been told to run free, which are on top.
 */
void watchdog_start(struct watchdog *dog, unsigned int timeout, unsigned int stress, double t);
/* CPUs are stopped from outside: the time since the last look does not count. */
void watchdog_wait(struct watchdog *dog, double t);
/* How the guest's time is, which has come to that event by now. */
enum watchdog_finds { WATCHDOG_GOES_ON, WATCHDOG_QUIET, WATCHDOG_ENDLESS };
enum watchdog_finds watchdog_look(struct watchdog *dog, uint64_t seq, double t);
/* Look; outcome_fail() with STATUS_HANG when time is up. */
void watchdog_tick(struct watchdog *dog, struct machine *m, double t);
/* After the threads have ended: rip, IF, ring, role and wait of every vCPU. */
void watchdog_report(const struct machine *m, FILE *to);

#endif
