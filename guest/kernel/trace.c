/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracepoint mechanism: an event ring per CPU, one sequence shared by all. */
#define NO_STEP_POINTS
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/trace.h>
#include <linux/wait.h>

static u64 rings, ring_stride; /* gva, bytes */
static u64 *sequence;
static struct pvtlb_event_set stops; /* events that the VMM is told of at once */

void trace_init(u64 base, u64 stride, u64 *shared_sequence,
		const struct pvtlb_event_set *told)
{
	rings = base;
	ring_stride = stride;
	sequence = shared_sequence;
	stops = *told;
}

extern const struct pvtlb_source __start_event_sources[];

static struct pvtlb_ring *this_ring(void)
{
	return (struct pvtlb_ring *)(rings + smp_processor_id() * ring_stride);
}

/*
 * Reserve a slot, fill it, commit it by its sequence number. An upcall may come at any point
 * and use the next slots; the VMM orders by sequence, not by slot. A dropped event takes a
 * number, too: the gap proves the loss, whatever the counter says.
 */
static const struct pvtlb_event *emit(enum pvtlb_event_id id, const struct pvtlb_source *source,
				      const void *args)
{
	struct pvtlb_ring *ring = this_ring();
	struct pvtlb_event *event;
	u64 head = READ_ONCE(ring->head);

	do {
		if (head - smp_load_acquire(&ring->tail) >= ring->capacity) {
			__atomic_fetch_add(&ring->lost, 1, __ATOMIC_RELAXED);
			atomic_inc_return(sequence);
			return NULL;
		}
	} while (!try_cmpxchg(&ring->head, &head, head + 1));

	event = &ring->slot[head & (ring->capacity - 1)];
	event->id = id;
	event->cpu = smp_processor_id();
	event->source = source - __start_event_sources + 1;
	__builtin_memcpy(event->arg, args, sizeof(event->arg));
	smp_store_release(&event->seq, atomic_inc_return(sequence));
	return event;
}

/*
 * The VMM wants to know, and may keep this CPU from going on (vmm/hold/hold.c): it does not come
 * back from the call until then, or waits here to be preempted.
 */
static void report(const struct pvtlb_event *event)
{
	vmm_call_report(event);
	while (smp_load_acquire(&cpu_status(smp_processor_id())->held))
		cpu_relax();
}

void trace_event(enum pvtlb_event_id id, const struct pvtlb_source *source, const void *args)
{
	const struct pvtlb_event *event = emit(id, source, args);

	if (unlikely(pvtlb_event_set_has(&stops, id)) && event)
		report(event);
}

u64 trace_sequence(void)
{
	return smp_load_acquire(sequence);
}

void trace_drain(void)
{
	struct pvtlb_ring *ring = this_ring();

	if (READ_ONCE(ring->head) - READ_ONCE(ring->tail) > ring->capacity / 2)
		vmm_call(PVTLB_CALL_DRAIN, NULL, 0);
}
