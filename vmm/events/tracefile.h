/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces (docs/trace.md): writing a run's events, and reading them back from any file. */
#ifndef VMM_TRACEFILE_H
#define VMM_TRACEFILE_H

#include <stdio.h>

#include "events/lex.h"
#include "events/trace_run.h"

#define TRACE_VERSION 2u

/* Write it, with its end line. Bytes that a trace cannot hold become '?'. */
void trace_write(FILE *to, const struct trace_run *run);

void trace_reader_init(struct trace_reader *r, FILE *from, const char *name, struct error *err);
/*
 * Read the next run: 1, and trace_run_free() is due; 0 at the end of the file; -1 with the
 * reader's err, which names file, line, what was there and what was expected. A run whose end
 * line is missing is the file's last, and not complete.
 */
int trace_read(struct trace_reader *r, struct trace_run *run);
void trace_run_free(struct trace_run *run);

/* Its events; those that its end line counts and that are not there are lost. */
struct event_stream trace_stream(const struct trace_run *run);

#endif
