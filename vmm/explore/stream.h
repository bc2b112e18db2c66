/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trial's events say, whichever pages and numbers it was given: a hash to compare by. */
#ifndef VMM_EXPLORE_STREAM_H
#define VMM_EXPLORE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "events/events.h"

/*
 * nr events of one trial, in order. Pages, mm's, generations and the numbers of events are renamed
 * in the order in which they appear; who emitted an event from which line does not count. Two
 * trials with the same hash are the same to the oracle.
 */
uint64_t stream_hash(const struct pvtlb_event *event, size_t nr);

#endif
