/* SPDX-License-Identifier: GPL-2.0-only */
/* The one tracepoint mechanism. */
#ifndef _LINUX_TRACE_H
#define _LINUX_TRACE_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <pvtlb/event.h>

/*
 * trace(EVENT, args...) appends an event of include/pvtlb/event.h to this CPU's ring: memory
 * writes only, usable with IRQs on or off and from an upcall. Arguments by place, or by name:
 * trace(SYNC, .rcu = true). It is also the one place where a stepped mode may stop a CPU.
 */
#define trace(ev, ...) trace_from(TRACE_SOURCE, ev, __VA_ARGS__)

/* The same, as emitted by another line: a function can be given its caller's TRACE_SOURCE. */
#define trace_from(source, ev, ...)                                                                \
	trace_event(PVTLB_EV_##ev, source, &(const struct pvtlb_args_##ev){ { __VA_ARGS__ } })

/* This line, in the image's table of sources. */
#define TRACE_SOURCE                                                                               \
	({                                                                                         \
		static const struct pvtlb_source source_here __aligned(8)                          \
			__section(".event_sources") = { __FILE__, __LINE__ };                      \
		&source_here;                                                                      \
	})

/*
 * The rings, from base on, a gva; the last event's number, which all CPUs share; told: the events
 * that the VMM is told of at once, a bit for each.
 */
void trace_init(u64 base, u64 stride, u64 *sequence, const struct pvtlb_event_set *told);
/* args: the event's struct pvtlb_args_*, PVTLB_EVENT_ARGS words whichever it is. */
void trace_event(enum pvtlb_event_id id, const struct pvtlb_source *source, const void *args);
/* The number of the last event of any CPU. */
u64 trace_sequence(void);
/* Let the VMM take this CPU's events when half the ring is used. Not from an upcall. */
void trace_drain(void);

#endif
