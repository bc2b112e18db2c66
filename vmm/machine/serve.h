/* SPDX-License-Identifier: GPL-2.0-only */
/* What every hypervisor side does in the end: flush a set of vCPUs, and say what for. */
#ifndef VMM_SERVE_H
#define VMM_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/types.h"

struct vcpu;

#define SERVE_ALL (~0ull) /* as an end: every page */

/* The backend's line that serves: it is the source of the events. */
struct serve_line {
	const char *file;
	uint32_t nr;
};

#define SERVE_HERE (&(const struct serve_line){ __FILE__, __LINE__ })

/*
 * Flush all that these vCPUs have cached, and return when it is so. The event SERVE says before
 * that it is for that address space (its pgd, or SERVE_ALL), SERVED that it was for the pages
 * from start to end. Sets with CPUs that the machine does not have are the caller's to refuse.
 * The caller itself may be among them: it is out of guest mode. Returns those that were found
 * to be out of guest mode since: SERVED is for them.
 */
#define serve_flush(caller, cpus, space, start, end)                                               \
	serve_flush_at(SERVE_HERE, caller, cpus, space, start, end)
struct pvtlb_cpuset serve_flush_at(const struct serve_line *line, struct vcpu *caller,
				   const struct pvtlb_cpuset *cpus, uint64_t space, uint64_t start,
				   uint64_t end);

/* The same without any event. For what is no hypercall; say what it was for by serve_note(). */
struct pvtlb_cpuset serve_out(struct vcpu *caller, const struct pvtlb_cpuset *cpus);

/*
 * The fault hypercall-skip-target, where it is configured: leave the last target that is not the
 * caller out of the set.
 */
void serve_skip_target(struct vcpu *caller, struct pvtlb_cpuset *cpus);

/* The fault hypercall-refused: is this flush, which is well formed, to be refused all the same? */
bool serve_refuses(struct vcpu *caller);

/* Say so for one more range of the same flush. */
#define serve_note(caller, cpus, start, end) serve_note_at(SERVE_HERE, caller, cpus, start, end)
void serve_note_at(const struct serve_line *line, struct vcpu *caller,
		   const struct pvtlb_cpuset *cpus, uint64_t start, uint64_t end);

#endif
