/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding events in a stream by their numbers. */
#include "oracle/search.h"

static const struct pvtlb_event none;

size_t event_place(const struct event_stream *stream, uint64_t seq)
{
	size_t from = 0, to = stream->nr;

	while (from < to) {
		size_t i = from + (to - from) / 2;

		if (stream->event[i].seq < seq)
			from = i + 1;
		else
			to = i;
	}
	return from;
}

const struct pvtlb_event *event_of(const struct event_stream *stream, uint64_t seq)
{
	size_t i = event_place(stream, seq);

	return i < stream->nr && stream->event[i].seq == seq ? &stream->event[i] : &none;
}

const struct pvtlb_event *event_first(const struct event_stream *stream, enum pvtlb_event_id id,
				      uint64_t cpu, uint64_t from, uint64_t until)
{
	for (size_t i = event_place(stream, from); i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];

		if (e->seq > until)
			break;
		if (e->id == id && e->cpu == cpu)
			return e;
	}
	return &none;
}
