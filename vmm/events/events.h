/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the guest's event rings: one checked, ordered stream, or the knowledge of a loss. */
#ifndef VMM_EVENTS_H
#define VMM_EVENTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/patience.h"
#include "events/described.h"
#include "events/sources.h"
#include "pvtlb/event.h"

#define EVENT_RING_CAPACITY 4096u
/* More than that of one run, 1 GiB, are dropped; the gap in the sequence shows it. */
#define EVENT_LOG_MAX (16u << 20)

struct event_ring {
	struct pvtlb_ring *ring; /* in guest memory */
	uint64_t tail;		 /* ours; the ring's copy is for the guest */
};

/* All events so far. After event_log_finish() they are in the order of their sequence. */
struct event_log {
	pthread_mutex_t lock;
	struct event_ring *ring; /* one per CPU */
	unsigned int nr_rings;
	struct pvtlb_event *event;
	size_t nr, room;
	uint64_t malformed;	/* events that cannot have been written by trace_event() */
	uint64_t lost;		/* sequence numbers nobody has brought */
	uint64_t *sequence;	/* the guest's, in its memory; NULL: no events of our own */
	struct sources sources; /* first the guest's, then our own */
	uint32_t nr_guest_sources;
};

/* What pure functions over events take: events in order, from 1, and how many are missing. */
struct event_stream {
	const struct pvtlb_event *event;
	size_t nr;
	uint64_t lost, malformed;
	const struct sources *sources; /* NULL: unknown, all of them */
	struct patience *patience;     /* who reads it asks now and then; NULL: there is time */
};

/* Is whoever reads a stream to end it here, before its end? */
bool event_stream_over(const struct event_stream *stream);

void event_log_init(struct event_log *log, unsigned int cpus);
/* Attach CPU's ring, which the log initialises. bytes: of the whole ring. */
void event_log_attach(struct event_log *log, unsigned int cpu, void *ring, size_t bytes);
/* Attach the guest's shared sequence, 8 bytes, from which our own events take their numbers. */
void event_log_number(struct event_log *log, uint64_t *sequence);
/* The guest's table of sources, which are valid; before there is any event. */
void event_log_sources(struct event_log *log, const struct pvtlb_source *source, uint32_t nr);
/* An event of the VMM's, about a CPU: event_log_append(log, 3, RESUMED, .by = 7). */
#define event_log_append(log, which, ev, ...)                                                      \
	event_log_add(log, (struct pvtlb_event)PVTLB_EVENT(which, ev, __VA_ARGS__), __FILE__,      \
		      __LINE__)
/* The event, emitted by that line, is numbered here. */
void event_log_add(struct event_log *log, struct pvtlb_event event, const char *file,
		   uint32_t line);
/*
 * Could trace_event() on the CPU have written it, one of so many, in an image with so many
 * sources?
 */
bool event_well_formed(const struct pvtlb_event *event, unsigned int cpu, unsigned int cpus,
		       uint32_t nr_sources);
/* Take over what is committed in a CPU's ring. Returns how many slots that freed. */
size_t event_log_drain(struct event_log *log, unsigned int cpu);
/* Take over the rest, order it, find the gaps. last: the shared sequence's final value. */
void event_log_finish(struct event_log *log, uint64_t last);
/*
 * The same in between, when no CPU is emitting: the first `settled` events are in order already.
 * Returns how many are now.
 */
size_t event_log_settle(struct event_log *log, size_t settled, uint64_t last);
void event_log_free(struct event_log *log);
struct event_stream event_log_stream(const struct event_log *log);

/* Bytes of a ring. */
size_t event_ring_bytes(void);

/* What an argument is called where its value is printed: a shift is printed as a size. */
const char *event_arg_label(const struct event_arg *arg);
/* One line: "#12 CPU 3 irq_entry vector=0xfc @ guest/kernel/irq.c:27". sources may be NULL. */
void event_print(FILE *to, const struct pvtlb_event *event, const struct sources *sources);
/* The same without its newline; to be freed. */
char *event_text(const struct pvtlb_event *event, const struct sources *sources);
/* All events with their arguments, and how these are written. */
void events_list(FILE *to);

#endif
