/* SPDX-License-Identifier: GPL-2.0-only */
/* Judging saved traces again, from the files alone. */
#ifndef VMM_CHECK_H
#define VMM_CHECK_H

#include <stdio.h>

#include "base/error.h"
#include "events/tracefile.h"
#include "judge/claims.h"

/* As judge() does after a run, as far as a trace can tell; facts may be large. */
void check_run(const struct trace_run *run, struct run_facts *facts, struct judgement *out);

/*
 * Judge every run of a file: a line for each on to, and the report of its first violation.
 * Returns STATUS_OK when all hold, STATUS_SKIP when all were skipped, else STATUS_FAIL; with err
 * when the file is malformed, has no run in it or cannot be read. from: opened, or NULL with errno.
 */
int check_file(FILE *from, const char *name, FILE *to, struct error *err);

#endif
