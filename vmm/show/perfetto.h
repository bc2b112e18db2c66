/* SPDX-License-Identifier: GPL-2.0-only */
/* A run for ui.perfetto.dev and chrome://tracing. */
#ifndef VMM_SHOW_PERFETTO_H
#define VMM_SHOW_PERFETTO_H

#include "show/show.h"

/*
 * Every event, in the Trace Event Format's JSON: an event's number is its time, in microseconds,
 * for events have an order and no clock. 0, or -1 when it was not written.
 */
int perfetto_print(FILE *to, const struct shown *s);

#endif
