/* SPDX-License-Identifier: GPL-2.0-only */
/* What the cells of a matrix say. */
#ifndef VMM_CELLS_H
#define VMM_CELLS_H

#include "report/matrix.h"

#define CELL_LEN   224
#define CELL_LINES 3

/* What a cell says, in at most CELL_LINES lines; those that it has not are "". */
typedef void cell_fn(const struct column *column, const struct run_result *r,
		     char line[CELL_LINES][CELL_LEN]);

/* The key, DELIVERED and SAFE, the verdict, the sites; and what flushes took and left out. */
cell_fn judged_cell, counts_cell;

#endif
