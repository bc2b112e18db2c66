/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for people who look at all of them at once: scenarios against backends. */
#ifndef VMM_GRID_H
#define VMM_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "judge/result.h"
#include "kvm/host.h"

/* The results so far, in the order in which they came. All zero: none. */
struct grid {
	struct run_result *result;
	size_t nr;
};

/* A copy of the result; what it points to is the grid's from now on. */
void grid_add(struct grid *grid, const struct run_result *result);
void grid_free(struct grid *grid);

/*
 * The host; for each policy and CPU count a matrix of verdicts and one of counts; rows, as of the table, of
 * the runs that have no cell in one and of those that failed; why runs were skipped; how many
 * there were. verbose: rows as of a verbose table. What all runs of a matrix have in common
 * (trials, a forced key and so on) is taken from its first one.
 */
void grid_print(FILE *to, const struct host *host, const struct grid *grid, bool verbose);

#endif
