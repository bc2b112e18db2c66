/* SPDX-License-Identifier: GPL-2.0-only */
/* Which events a violation is about: those that it names, and those that reached its CPU, or not.
 */
#ifndef VMM_ORACLE_MATTERS_H
#define VMM_ORACLE_MATTERS_H

#include "oracle/violation.h"

#define MATTERS_NAMED 64u /* more than any kind's parts have */

struct matters {
	const struct violation *v;
	uint64_t named[MATTERS_NAMED]; /* numbers of events */
	unsigned int nr_named;
	uint64_t first, last; /* the lowest and the highest of these */
	uint64_t from, until; /* the flush that it names; without one, all that its rule is about */
	bool flush;	      /* it is a flush */
	uint64_t actor;	      /* who flushed; without a flush, the violation's CPU */
};

void matters_make(struct matters *m, const struct violation *v);
/* Does the violation name it? */
bool matters_named(const struct matters *m, uint64_t seq);
/* Is it named, or does it tell what became of the flush, or of the violation's CPU meanwhile? */
bool matters_event(const struct matters *m, const struct pvtlb_event *e);

#endif
