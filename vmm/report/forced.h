/* SPDX-License-Identifier: GPL-2.0-only */
/* What comes of the key forced on, where it may not be: from a run, never from a table. */
#ifndef VMM_REPORT_FORCED_H
#define VMM_REPORT_FORCED_H

#include "judge/result.h"

/* The scenario that tells: walkers stand on a page table that is put to another use. */
#define FORCED_SCENARIO "collapse-vs-gup"

struct forced {
	bool ran;	  /* and there is something to say */
	bool violated;	  /* harm was done */
	bool contradicts; /* it is not what the backend says of itself, or could not be judged */
	char text[48];	  /* for a cell */
	char why[640];	  /* a sentence: the harm, or what is contradicted */
};

/*
 * A run with the key forced on, read. It has to hold where each flush interrupts every target,
 * and to do harm where it interrupts nobody: FORCED_SCENARIO stops walkers where harm is certain.
 */
void forced_read(const struct run_result *r, struct forced *out);

/* The run that shows it, of the backend as of is run; false: with what of has changed, none does.
 */
bool forced_config(const struct run_config *of, struct run_config *out);

#endif
