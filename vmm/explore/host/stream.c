/* SPDX-License-Identifier: GPL-2.0-only */
/* The model machine's events: those of the boot are kept, the trial's come anew each time. */
#include <stdlib.h>
#include <string.h>

#include "explore/host/hosted.h"

static void make_room(struct hosted *h, size_t nr)
{
	if (nr <= h->room)
		return;
	h->room = 2 * nr;
	h->event = realloc(h->event, h->room * sizeof(*h->event));
	if (!h->event)
		abort();
}

/* Addresses of the image's, as it is linked. */
static void unmove(const struct hosted *h, struct pvtlb_event *event)
{
	if (event->id != PVTLB_EV_KEY && event->id != PVTLB_EV_PATCH)
		return;
	for (unsigned int i = 0; i < 2; i++)
		if (event->arg[i] - h->machine.mem.direct < h->machine.mem.size)
			event->arg[i] -= h->moved;
}

static void drain(struct hosted *h)
{
	for (unsigned int cpu = 0; cpu < h->machine.nr_vcpus; cpu++)
		event_log_drain(&h->machine.log, cpu);
}

/*
 * Append what the log has, in order. The numbers are dense from `after` on; where one is missing,
 * and where one is there twice, the event is left out and counted.
 */
static size_t take(struct hosted *h, size_t at, uint64_t after)
{
	struct event_log *log = &h->machine.log;
	uint64_t last = *log->sequence, wide = last > after ? last - after : 0;
	size_t kept = at;

	/* However it lies: not more than the rings could hold. */
	if (wide > log->nr + EVENT_RING_CAPACITY)
		wide = log->nr + EVENT_RING_CAPACITY;
	make_room(h, at + wide);
	memset(&h->event[at], 0, wide * sizeof(*h->event));
	for (size_t i = 0; i < log->nr; i++) {
		uint64_t nr = log->event[i].seq - after - 1;

		if (nr >= wide || h->event[at + nr].seq)
			log->malformed++;
		else
			h->event[at + nr] = log->event[i];
	}
	for (size_t i = at; i < at + wide; i++) {
		if (!h->event[i].seq)
			continue;
		h->event[kept] = h->event[i];
		unmove(h, &h->event[kept++]);
	}
	log->lost = wide - (kept - at);
	return kept;
}

void hosted_events_begin(struct hosted *h)
{
	drain(h);
	h->nr_boot = take(h, 0, 0);
	h->machine.log.nr = 0;
	h->boot_seq = *h->machine.log.sequence;
	if (!h->tails)
		h->tails = calloc(h->machine.nr_vcpus, sizeof(*h->tails));
	if (!h->tails)
		abort();
	for (unsigned int cpu = 0; cpu < h->machine.nr_vcpus; cpu++)
		h->tails[cpu] = h->machine.log.ring[cpu].tail;
}

void hosted_events_take(struct hosted *h, struct event_stream *stream, size_t *trial_from)
{
	drain(h);
	/* Asked for again, it begins again: the log keeps a trial's. */
	h->nr_events = take(h, h->nr_boot, h->boot_seq);
	*trial_from = h->nr_boot;
	*stream = (struct event_stream){ h->event, h->nr_events, h->machine.log.lost,
					 h->machine.log.malformed, &h->machine.log.sources };
}
