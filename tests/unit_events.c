/* SPDX-License-Identifier: GPL-2.0-only */
/* The event log: rings written the way the guest writes them. */
#include <string.h>

#include "rings.h"

static void attach(void)
{
	struct rings g;

	rings_start(&g);
	CU_ASSERT_EQUAL(event_ring_bytes(), 128 + CAP * 64);
	CU_ASSERT_EQUAL(sizeof(struct pvtlb_event), 64);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		CU_ASSERT_EQUAL(g.ring[cpu]->version, PVTLB_ABI_VERSION);
		CU_ASSERT_EQUAL(g.ring[cpu]->capacity, CAP);
		CU_ASSERT_EQUAL(g.ring[cpu]->head, 0);
		CU_ASSERT_EQUAL(g.ring[cpu]->tail, 0);
		CU_ASSERT_EQUAL(event_log_drain(&g.log, cpu), 0);
	}
	expect_log(&g, 0, 0, 0);
	rings_stop(&g);
}

/* A CPU that never came up has no ring. */
static void no_ring(void)
{
	struct event_log log;

	event_log_init(&log, 2);
	CU_ASSERT_EQUAL(event_log_drain(&log, 1), 0);
	event_log_finish(&log, 0);
	CU_ASSERT_EQUAL(event_log_stream(&log).nr, 0);
	CU_ASSERT_EQUAL(event_log_stream(&log).lost, 0);
	event_log_free(&log);
}

static void order(void)
{
	struct rnd rng = { 1 };
	struct rings g;

	rings_start(&g);
	for (unsigned int i = 0; i < 1000; i++)
		ring_trace(&g, rnd_below(&rng, CPUS));
	/* Some now, out of turn, and the rest at the end. */
	CU_ASSERT(event_log_drain(&g.log, 2) > 100);
	for (unsigned int i = 0; i < 1000; i++)
		ring_trace(&g, rnd_below(&rng, CPUS));
	expect_log(&g, 2000, 0, 0);
	for (unsigned int i = 0; i < 2000; i++)
		if (g.log.event[i].seq != i + 1) {
			EXPECT(false, "event %u", i);
			break;
		}
	rings_stop(&g);
}

/* An upcall between reserving and committing: the later slot has the smaller number. */
static void nested(void)
{
	struct pvtlb_event *outer;
	struct rings g;

	rings_start(&g);
	outer = ring_reserve(&g, 0);
	ring_trace(&g, 0);
	ring_trace(&g, 0);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 0);
	CU_ASSERT_EQUAL(g.ring[0]->tail, 0);
	ring_commit(&g, 0, outer, g.sequence + 1);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 3);
	expect_log(&g, 3, 0, 0);
	rings_stop(&g);
}

static void uncommitted(void)
{
	struct pvtlb_event *late;
	struct rings g;

	rings_start(&g);
	ring_trace(&g, 1);
	late = ring_reserve(&g, 1);
	ring_trace(&g, 1);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 1), 1);
	CU_ASSERT_EQUAL(g.ring[1]->tail, 1);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 1), 0);
	ring_commit(&g, 1, late, g.sequence + 1);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 1), 2);
	expect_log(&g, 3, 0, 0);
	rings_stop(&g);
}

/* A CPU that the end of the run stopped between reserving and committing: nothing is lost. */
static void never_committed(void)
{
	struct rings g;

	rings_start(&g);
	ring_trace(&g, 0);
	ring_reserve(&g, 0);
	ring_trace(&g, 0);
	ring_trace(&g, 1);
	expect_log(&g, 3, 0, 0);
	rings_stop(&g);
}

/* The same, with its number taken; but one slot accounts for one number only. */
static void never_committed_numbered(void)
{
	struct rings g;

	rings_start(&g);
	ring_reserve(&g, 0);
	g.sequence++;
	ring_trace(&g, 0);
	expect_log(&g, 1, 0, 0);
	rings_stop(&g);

	rings_start(&g);
	ring_reserve(&g, 0);
	g.sequence += 2;
	ring_trace(&g, 0);
	expect_log(&g, 1, 1, 0);
	rings_stop(&g);

	/* A slot without a number excuses nothing that the guest itself counts as dropped. */
	rings_start(&g);
	ring_reserve(&g, 0);
	g.ring[1]->lost = 1;
	g.sequence++;
	ring_trace(&g, 0);
	expect_log(&g, 1, 1, 0);
	rings_stop(&g);
}

static void wraparound(void)
{
	size_t drained = 0;
	struct rings g;

	rings_start(&g);
	for (unsigned int i = 0; i < 5 * CAP / 2; i++) {
		if (i % 1000 == 999)
			drained += event_log_drain(&g.log, 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(ring_trace(&g, 0));
	}
	drained += event_log_drain(&g.log, 0);
	CU_ASSERT_EQUAL(drained, 5 * CAP / 2);
	CU_ASSERT_EQUAL(g.ring[0]->tail, 5 * CAP / 2);
	/* Drained slots are free again. */
	for (unsigned int i = 0; i < CAP; i++)
		if (g.ring[0]->slot[i].seq) {
			EXPECT(false, "slot %u is not free", i);
			break;
		}
	expect_log(&g, 5 * CAP / 2, 0, 0);
	rings_stop(&g);
}

static void full(void)
{
	struct rings g;

	rings_start(&g);
	for (unsigned int i = 0; i < CAP; i++)
		CU_ASSERT_PTR_NOT_NULL_FATAL(ring_trace(&g, 0));
	for (unsigned int i = 0; i < 3; i++)
		CU_ASSERT_PTR_NULL(ring_trace(&g, 0));
	/* The counter is not what tells: a guest that hides it is found out by the gap. */
	g.ring[0]->lost = 0;
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), CAP);
	CU_ASSERT_PTR_NOT_NULL(ring_trace(&g, 0));
	expect_log(&g, CAP + 1, 3, 0);
	rings_stop(&g);
}

static void lost_at_the_end(void)
{
	struct rings g;

	rings_start(&g);
	ring_trace(&g, 0);
	g.sequence += 2;
	expect_log(&g, 1, 2, 0);
	rings_stop(&g);
}

/* The VMM's own events take their place among the guest's, by the guest's numbers. */
static void appended(void)
{
	struct rings g;

	rings_start(&g);
	event_log_number(&g.log, &g.sequence);
	ring_trace(&g, 0);
	event_log_append(&g.log, 2, HELD, .at = 2);
	ring_trace(&g, 1);
	event_log_append(&g.log, 2, RESUMED, .by = 4);
	ring_trace(&g, 2);
	CU_ASSERT_EQUAL(g.sequence, 5);
	expect_log(&g, 5, 0, 0);
	CU_ASSERT_EQUAL(g.log.event[1].id, PVTLB_EV_HELD);
	CU_ASSERT_EQUAL(g.log.event[1].cpu, 2);
	CU_ASSERT_EQUAL(g.log.event[3].id, PVTLB_EV_RESUMED);
	rings_stop(&g);
}

/* The table behind the enum: every event has a name of its own, a text, and no gap in its list. */
static void names(void)
{
	CU_ASSERT_EQUAL(PVTLB_EV_BOOT, 1);
	CU_ASSERT_STRING_EQUAL(event_names[PVTLB_EV_BOOT], "boot");
	CU_ASSERT_STRING_EQUAL(event_names[PVTLB_EV_NR - 1], "walk_lost");
	CU_ASSERT_STRING_EQUAL(event_arg_at(PVTLB_EV_FLUSH_BEGIN, 5)->name, "shift");
	CU_ASSERT_EQUAL(event_arg_at(PVTLB_EV_FLUSH_BEGIN, 5)->kind, PVTLB_KIND_SHIFT);
	CU_ASSERT_STRING_EQUAL(event_arg_at(PVTLB_EV_SERVED, 2)->name, "cpus");
	CU_ASSERT_EQUAL(event_arg_at(PVTLB_EV_SERVED, 2)->words, PVTLB_CPUSET_WORDS);
	CU_ASSERT_PTR_NULL(event_arg_at(PVTLB_EV_SERVED, 3)); /* within the set */
	CU_ASSERT_PTR_NULL(event_arg_at(PVTLB_EV_FLUSH_END, 2));
	CU_ASSERT_PTR_NULL(event_arg_at(PVTLB_EV_FLUSH_BEGIN, PVTLB_EVENT_ARGS));
	CU_ASSERT_PTR_NULL(event_arg_at(PVTLB_EV_FLUSH_BEGIN, UINT32_MAX));
	for (unsigned int id = PVTLB_EV_NONE + 1; id < PVTLB_EV_NR; id++) {
		EXPECT(event_names[id] && event_names[id][0], "id %u has no name", id);
		EXPECT(event_docs[id] && event_docs[id][0], "id %u has no text", id);
		for (unsigned int other = id + 1; other < PVTLB_EV_NR; other++)
			EXPECT(strcmp(event_names[id], event_names[other]), "%s twice",
			       event_names[id]);
		EXPECT(event_words(id) && event_words(id) <= PVTLB_EVENT_ARGS, "%s: %u words",
		       event_names[id], event_words(id));
	}
}

SUITE(unit_events, false, { "attaching initialises a ring", attach },
      { "a CPU without a ring", no_ring }, { "order over several CPUs", order },
      { "an upcall between reserve and commit", nested },
      { "an uncommitted slot comes later", uncommitted },
      { "a slot that is never committed", never_committed },
      { "such a slot and its number", never_committed_numbered }, { "wraparound", wraparound },
      { "a full ring loses events, counted by the gap", full },
      { "events lost at the end", lost_at_the_end }, { "events of the VMM's own", appended },
      { "the table of events", names });
