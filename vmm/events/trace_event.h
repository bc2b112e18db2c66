/* SPDX-License-Identifier: GPL-2.0-only */
/* An event's line in a saved trace, read. */
#ifndef VMM_TRACE_EVENT_H
#define VMM_TRACE_EVENT_H

#include "events/lex.h"
#include "events/trace_run.h"

/* The rest of a line behind its '#', as event_print() writes it, into the run's events. 0 or -1. */
int trace_event_read(struct trace_reader *r, struct trace_run *run);

#endif
