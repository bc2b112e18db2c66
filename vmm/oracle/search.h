/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding events in a stream by their numbers. */
#ifndef VMM_ORACLE_SEARCH_H
#define VMM_ORACLE_SEARCH_H

#include "events/events.h"

/* Place of the first event with that number or a higher one; nr, if there is none. */
size_t event_place(const struct event_stream *stream, uint64_t seq);
/* The event with that number; one of which nothing is known, of id NONE, if it is not there. */
const struct pvtlb_event *event_of(const struct event_stream *stream, uint64_t seq);
/* The first event of that kind, by that CPU, from one number to another; or, as above, none. */
const struct pvtlb_event *event_first(const struct event_stream *stream, enum pvtlb_event_id id,
				      uint64_t cpu, uint64_t from, uint64_t until);

#endif
