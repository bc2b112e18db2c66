/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors are values: an exit status and a sentence that says what was wrong and what to do. */
#ifndef VMM_ERROR_H
#define VMM_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses of the pvtlb command. */
enum {
	STATUS_OK = 0,
	STATUS_FAIL = 1,   /* a claim does not hold, or the guest went wrong */
	STATUS_USAGE = 2,
	STATUS_SKIP = 77,  /* cannot run here */
	STATUS_HANG = 124, /* ended by the watchdog */
};

struct error {
	int status;	 /* STATUS_*; 0: none */
	char text[1024]; /* one sentence, no newline at the end; a long one without its middle */
};

/* Record an error, unless there is one already: the first cause counts. Returns -1. */
__attribute__((format(printf, 3, 4))) int fail(struct error *err, int status, const char *fmt, ...);

/* One exit status for several runs: a hang over a failure over success; all skipped: skip. */
int status_merge(int so_far, int status, bool first);

#endif
