/* SPDX-License-Identifier: GPL-2.0-only */
/* A schedule made small: fewest switches, then the shortest trial, with the same thing wrong. */
#ifndef VMM_EXPLORE_SHRINK_H
#define VMM_EXPLORE_SHRINK_H

#include "explore/finding.h"

/*
 * Makes it as small as leaving out one or two switches, or moving one, can make it. *tried:
 * schedules that were run. 0, or -1 with err.
 */
int shrink(const struct subject *subject, struct engine *engine, const struct wrong *wrong,
	   struct schedule *schedule, uint64_t *tried, struct error *err);

#endif
