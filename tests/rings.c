/* SPDX-License-Identifier: GPL-2.0-only */
/* Event rings, written the way the guest writes them. */
#include <stdlib.h>
#include <string.h>

#include "rings.h"

void rings_start(struct rings *g)
{
	static const struct pvtlb_source sources[SOURCES] = { { "a.c", 1 }, { "b.c", 2 } };

	*g = (struct rings){ 0 };
	event_log_init(&g->log, CPUS);
	event_log_sources(&g->log, sources, SOURCES);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		g->ring[cpu] = calloc(1, event_ring_bytes());
		event_log_attach(&g->log, cpu, g->ring[cpu], event_ring_bytes());
	}
}

void rings_stop(struct rings *g)
{
	event_log_free(&g->log);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		free(g->ring[cpu]);
}

struct pvtlb_event *ring_reserve(struct rings *g, unsigned int cpu)
{
	struct pvtlb_ring *ring = g->ring[cpu];

	if (ring->head - ring->tail >= ring->capacity) {
		ring->lost++;
		g->sequence++;
		return NULL;
	}
	return &ring->slot[ring->head++ & (ring->capacity - 1)];
}

void ring_commit(struct rings *g, unsigned int cpu, struct pvtlb_event *event, uint64_t arg)
{
	event->id = PVTLB_EV_IRQ_ENTRY;
	event->cpu = cpu;
	event->source = SOURCES;
	memset(event->arg, 0, sizeof(event->arg));
	event->irq_entry.vector = arg;
	event->seq = ++g->sequence;
}

struct pvtlb_event *ring_trace(struct rings *g, unsigned int cpu)
{
	struct pvtlb_event *event = ring_reserve(g, cpu);

	if (event)
		ring_commit(g, cpu, event, g->sequence + 1);
	return event;
}

void expect_log(struct rings *g, uint64_t nr, uint64_t lost, uint64_t malformed)
{
	struct event_stream stream;
	uint64_t before = 0;
	unsigned int wrong = 0;

	event_log_finish(&g->log, g->sequence);
	stream = event_log_stream(&g->log);
	EXPECT(stream.nr == nr, "%zu events", stream.nr);
	EXPECT(stream.lost == lost, "%llu lost", (unsigned long long)stream.lost);
	EXPECT(stream.malformed == malformed, "%llu malformed",
	       (unsigned long long)stream.malformed);
	for (size_t i = 0; i < stream.nr; i++) {
		wrong += stream.event[i].seq <= before ||
			 stream.event[i].irq_entry.vector != stream.event[i].seq;
		before = stream.event[i].seq;
	}
	EXPECT(!wrong, "%u events in the wrong place", wrong);
}
