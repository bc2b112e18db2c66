/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes where nobody expects them, and events that are not what they were. */
#include <scenario.h>

#include "hostile.h"

#define STORES 300u
#define MOST   65536u /* bytes of an area that is all ones */

void do_nothing(u64 arg)
{
	(void)arg;
}

/* A page that is not mapped, or mapped for ring 0 only, ends the guest: that is an end, too. */
void scribble_random(u64 arg)
{
	struct area a = area(arg);

	for (unsigned int i = 0; i < STORES && a.len; i++) {
		u64 at = a.len > 8 ? rnd() % (a.len - 7) : 0;

		switch (rnd_below(4)) {
		case 0:
			WRITE_ONCE(*(a.at + at), rnd());
			break;
		case 1:
			*(volatile u32 *)(a.at + at) = rnd_below(16) - 8;
			break;
		case 2:
			*(volatile u64 *)(a.at + at) = rnd();
			break;
		default:
			*(volatile u64 *)(a.at + (at & ~7ull)) ^= 1ull << rnd_below(64);
		}
		scn_relax();
	}
}

void scribble_ones(u64 arg)
{
	struct area a = area(arg);

	for (u64 i = 0; i < a.len && i < MOST; i++)
		WRITE_ONCE(a.at[i], 0xff);
}

/* The events that this CPU has emitted and the VMM has not taken yet. */
static struct pvtlb_event *waiting(u64 i)
{
	struct pvtlb_ring *ring = own_ring();
	u64 at = READ_ONCE(ring->tail) + i;

	return at < READ_ONCE(ring->head) ? &ring->slot[at & (ring->capacity - 1)] : NULL;
}

void events_gone(u64 arg)
{
	struct pvtlb_event *e;

	for (u64 i = arg; (e = waiting(i)); i++)
		WRITE_ONCE(e->seq, 0);
}

void events_twice(u64 arg)
{
	struct pvtlb_event *first = waiting(arg), *second = waiting(arg + 1);

	if (first && second)
		*second = *first;
}

void events_of_another(u64 arg)
{
	struct pvtlb_event *e = waiting(arg);

	if (e)
		e->cpu = 0xffff;
}

void events_unknown(u64 arg)
{
	struct pvtlb_event *e = waiting(arg);

	if (e)
		e->id = 0xffff;
}

void sequence_ahead(u64 arg)
{
	__atomic_fetch_add(sequence_word(), arg, __ATOMIC_SEQ_CST);
}

void head_ahead(u64 arg)
{
	__atomic_fetch_add(&own_ring()->head, arg, __ATOMIC_SEQ_CST);
}
