/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trial's events say, as a number: the same for two trials that went the same way. */
#ifndef VMM_EXPLORE_STREAM_H
#define VMM_EXPLORE_STREAM_H

#include "events/events.h"

/*
 * Of the events from that index on. Addresses of memory, counts that go on from trial to trial and
 * places in the stream are taken by when they first occur: it does not matter which page of many
 * an allocator had, nor which trial this is. Not for two threads at a time.
 */
uint64_t stream_hash(const struct event_stream *stream, size_t from);

#endif
