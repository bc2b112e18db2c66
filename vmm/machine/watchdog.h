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

/* stress: seconds that the guest has been told to run free, which are on top. */
void watchdog_start(struct watchdog *dog, unsigned int timeout, unsigned int stress);
/* CPUs are stopped from outside: the time since the last look does not count. */
void watchdog_wait(struct watchdog *dog);
/* Look; outcome_fail() with STATUS_HANG when time is up. */
void watchdog_tick(struct watchdog *dog, struct machine *m);
/* After the threads have ended: rip, IF, ring, role and wait of every vCPU. */
void watchdog_report(const struct machine *m, FILE *to);

#endif
