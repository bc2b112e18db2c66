/* SPDX-License-Identifier: GPL-2.0-only */
/* Results as a matrix: a row for each scenario, a column for each backend, a run in each cell. */
#ifndef VMM_MATRIX_H
#define VMM_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "judge/result.h"

struct column {
	const struct backend *backend;
	bool invlpgb;
	char sites[128]; /* of its first run that has any */
	size_t width;
};

/* The runs of one policy and CPU count. */
struct matrix {
	const struct run_config *of; /* one of them */
	size_t nr_rows, nr_columns;
	const char **row; /* scenarios */
	struct column *column;
	const struct run_result **cell; /* row by row; NULL: there was no such run */
};

/*
 * Of nr runs those with the policy and as many CPUs as this one, in a configuration that every
 * scenario has. placed, by run: set where one has found its cell. nr_rows 0: there was none.
 * matrix_free() it.
 */
void matrix_make(struct matrix *m, const struct run_result *run, size_t nr,
		 const struct run_config *of, bool *placed);
/* Is the run with this policy, and with as many CPUs? */
bool matrix_takes(const struct matrix *m, const struct run_config *c);
void matrix_free(struct matrix *m);

/* Verdicts, and counts, of one with rows. explained: what is in a cell has been said. */
void matrix_print(FILE *to, struct matrix *m, bool explained);

#endif
