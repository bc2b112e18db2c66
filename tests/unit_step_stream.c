/* SPDX-License-Identifier: GPL-2.0-only */
/* The hash of a trial's events: what it does not depend on, and what it does. */
#include "explore/stream.h"
#include "test.h"

#define NR 4

/* A walk through two pages of an mm, numbered from seq. */
static uint64_t walk(uint64_t seq, uint64_t mm, uint64_t a, uint64_t b, uint64_t gen)
{
	struct pvtlb_event event[NR] = {
		PVTLB_EVENT(1, WALK_BEGIN, .mm = mm, .addr = 0x1000),
		PVTLB_EVENT(1, WALK_LOAD, .table = a, .gen = gen, .shift = 21, .entry = b | 0x67,
			    .since = seq),
		PVTLB_EVENT(1, WALK_NEXT, .table = b, .gen = gen, .shift = 12),
		PVTLB_EVENT(1, WALK_END, .outcome = PVTLB_WALK_NONE),
	};

	for (unsigned int i = 0; i < NR; i++)
		event[i].seq = seq + i;
	return stream_hash(event, NR);
}

static void test_renamed(void)
{
	uint64_t hash = walk(1, 3, 0x5000, 0x6000, 7);

	CU_ASSERT_EQUAL(walk(1000, 3, 0x5000, 0x6000, 7), hash);
	CU_ASSERT_EQUAL(walk(1, 4, 0x5000, 0x6000, 7), hash);
	CU_ASSERT_EQUAL(walk(1, 3, 0x9000, 0x2000, 7), hash);
	CU_ASSERT_EQUAL(walk(1, 3, 0x5000, 0x6000, 8), hash);
}

/* Two pages that were one are no renaming, nor is an event that others had before. */
static void test_different(void)
{
	struct pvtlb_event event[2] = { PVTLB_EVENT(0, LAZY, .mm = 1),
					PVTLB_EVENT(1, LAZY_OVER, .mm = 1) };
	const struct pvtlb_event other[2] = { event[1], event[0] };
	uint64_t hash;

	CU_ASSERT_NOT_EQUAL(walk(1, 3, 0x5000, 0x5000, 7), walk(1, 3, 0x5000, 0x6000, 7));
	hash = stream_hash(event, 2);
	CU_ASSERT_NOT_EQUAL(stream_hash(other, 2), hash);
	CU_ASSERT_NOT_EQUAL(stream_hash(event, 1), hash);
	event[1].cpu = 0;
	CU_ASSERT_NOT_EQUAL(stream_hash(event, 2), hash);
	event[1].cpu = 1;
	event[1].lazy_over.mm = 2;
	CU_ASSERT_NOT_EQUAL(stream_hash(event, 2), hash);
}

SUITE(unit_step_stream, false, { "other pages, the same events", test_renamed },
      { "other events", test_different });
