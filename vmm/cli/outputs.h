/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways to report a `pvtlb run`. */
#ifndef VMM_CLI_OUTPUTS_H
#define VMM_CLI_OUTPUTS_H

#include "cli/session.h"

/* A way to report. What is NULL is nothing to do. */
struct output {
	bool empty;    /* says so of no runs, too */
	bool progress; /* says nothing for long, so that stderr is to */
	bool by_backend;
	void (*begin)(struct session *s);
	void (*run)(struct session *s, struct run_result *result); /* frees it, or keeps it */
	void (*backend)(struct session *s, const struct run_config *last); /* that one has ended */
	int (*end)(struct session *s); /* 0, or -1 with errno: it could not be written */
};

/* The one that the options ask for. */
const struct output *output_of(const struct command_line *cl);
/* What a run with the key forced on came to: the backend's line, and the status if it counts. */
void session_forced(struct session *s, const struct run_result *result);

#endif
