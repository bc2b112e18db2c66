/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dynamic partial-order reduction: of schedules that differ only in the order of steps that do
 * not touch the same memory, one. With no bound on switches.
 *
 * Source sets and sleep sets: Abdulla, Aronis, Jonsson and Sagonas, "Optimal dynamic partial order
 * reduction", POPL 2014, section 4 (source-DPOR). What can disable a step here is a wait for a
 * word, which conflicts with the word's writes.
 */
#ifndef VMM_EXPLORE_DPOR_H
#define VMM_EXPLORE_DPOR_H

#include "explore/bounded.h"

struct dpor {
	struct engine *engine;
	attempt_fn *told; /* of each execution that was gone through */
	void *ctx;
	bool plain;	    /* no reduction: every order of steps; for tests */
	bool all;	    /* orders of what is outside of the scenario's window, too */
	unsigned int parks; /* how often a CPU is parked in a trial, at most */
	/* What came of it. */
	uint64_t executions, asleep; /* asleep: given up, as others cover it */
};

/* As bounded_search(). */
int dpor_search(struct dpor *d, struct error *err);

#endif
