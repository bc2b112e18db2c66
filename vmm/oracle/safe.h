/* SPDX-License-Identifier: GPL-2.0-only */
/* The safe column: accesses and walks by what a flush or a release has ended. */
#ifndef VMM_ORACLE_SAFE_H
#define VMM_ORACLE_SAFE_H

#include "oracle/violation.h"

/*
 * An access that began after the end of a flush that covers it must agree with an entry that
 * was in force when that flush began, or was stored since. On a lazy CPU: of a flush that was
 * for page tables, too.
 *
 * A walk must not go through a table that was released since it got the pointer, and must end
 * at a page that was mapped there meanwhile. A table must not be released before a flush.
 */
struct safe {
	uint64_t checks;       /* accesses that some flush bears upon */
	uint64_t checks_large; /* of these, through 2 MiB entries */
	uint64_t bad_large;    /* violations through 2 MiB entries */
	uint64_t walk_loads;   /* from tables, by walks, that were checked */
	bool gave_up;	       /* more than ORACLE_MAX_WORK or _KEPT: the rest is not checked */
	struct violations bad;
};

/* The column by itself; pure. no_look: no access is judged. hit, when not NULL, is told of each violation. */
void oracle_safe(const struct event_stream *stream, bool no_look, struct safe *out,
		 violation_fn *hit, void *ctx);

#endif
