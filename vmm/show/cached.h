/* SPDX-License-Identifier: GPL-2.0-only */
/* What each CPU may have cached, from event to event, for the page. */
#ifndef VMM_SHOW_CACHED_H
#define VMM_SHOW_CACHED_H

#include <jansson.h>

#include "show/show.h"

/*
 * Of the events from one place to before another: {"entries": [text ...], "sets": [[place, CPU,
 * [entry ...], [entry ...]] ...]}. A set is what the CPU may have, from that place on (counted
 * from the first): what there is still, and what has been replaced or removed, by their places in
 * entries. A new reference.
 */
json_t *cached_data(const struct shown *s, size_t from, size_t until);

#endif
