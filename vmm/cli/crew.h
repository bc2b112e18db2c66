/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs side by side, taken in the order of the plan: `pvtlb run -j`. */
#ifndef VMM_CLI_CREW_H
#define VMM_CLI_CREW_H

#include "cli/crew_room.h"

struct crew;

/*
 * Begin the plan's runs, in its order, so many side by side: 2 to JOBS_MAX. traced: keep events.
 * Host, images and plan have to stay until crew_end(). NULL with err: there are not as many
 * threads or open files as it takes.
 */
struct crew *crew_start(const struct host *host, const struct images *images,
			const struct plan *plan, unsigned int jobs, bool traced, struct error *err);
/*
 * Wait for the plan's next run, from the first on; what it has said and its events go where files
 * says. False: it has not begun, as this process was told to stop.
 */
bool crew_next(struct crew *crew, const struct run_files *files, struct run_result *result);
/* A run that is not the plan's, which counts as one of those side by side. */
void crew_run(struct crew *crew, const struct run_config *config, const struct run_files *files,
	      struct run_result *result);
/* Begins no more, waits for those that have begun, and frees what was not taken. */
void crew_end(struct crew *crew);

#endif
