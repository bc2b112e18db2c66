/* SPDX-License-Identifier: GPL-2.0-only */
/* Which values an event's argument can have at all, by its kind. */
#ifndef VMM_RANGE_H
#define VMM_RANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "pvtlb/event.h"

/*
 * The first argument that cannot be of its kind, in a machine of so many CPUs: its place in
 * event_args[event->id]; -1: all of them can. event->id is one.
 */
int event_out_of_range(const struct pvtlb_event *event, unsigned int cpus);
/* What it could be, for messages: in buf, which is returned. */
const char *range_text(enum pvtlb_kind kind, unsigned int cpus, char *buf, size_t len);

#endif
