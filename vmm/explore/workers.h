/* SPDX-License-Identifier: GPL-2.0-only */
/* An exploration in several processes, each of which has one part of the schedules. */
#ifndef VMM_EXPLORE_WORKERS_H
#define VMM_EXPLORE_WORKERS_H

#include "explore/explore.h"

/*
 * As explore(), in so many processes. The part that the options name is divided once more. The
 * first that finds something ends the others, unless all is asked for. The engine is this
 * process's, from which they are copied: it has to be one that bears that.
 */
int explore_in_workers(const struct subject *subject, struct engine *engine,
		       const struct explore_options *options, unsigned int workers,
		       struct outcome *out, struct error *err);

#endif
