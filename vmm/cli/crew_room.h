/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs side by side: which may be, and how many there is room for. */
#ifndef VMM_CLI_CREW_ROOM_H
#define VMM_CLI_CREW_ROOM_H

#include "cli/plan.h"

#define JOBS_MAX 64u

/*
 * May it not have others beside it? Free runs race as fast as they can; where a vCPU is preempted
 * for real, that takes host CPUs from all others; diagnostics measure times, or go wrong.
 */
bool crew_is_alone(const struct host *host, const struct images *images,
		   const struct run_config *config);

/*
 * Are so many open files allowed as the plan's runs need, so many side by side? Raises the soft
 * limit. 0, or -1 with err, which says how many would do.
 */
int crew_make_room(const struct plan *plan, unsigned int jobs, struct error *err);
/* How many can run side by side with so many files open, each with as many CPUs; may be 0. */
unsigned int crew_fits(unsigned long files, unsigned int cpus);

#endif
