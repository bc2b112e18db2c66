/* SPDX-License-Identifier: GPL-2.0-only */
/* The event log: rings written in ways the guest must not, and what cannot be an event. */
#include <stdlib.h>
#include <string.h>

#include "pvtlb/fault.h"
#include "rings.h"

static void hostile_sequence(void)
{
	struct rings g;

	rings_start(&g);
	ring_trace(&g, 0);
	event_log_finish(&g.log, UINT64_MAX);
	CU_ASSERT_EQUAL(event_log_stream(&g.log).lost, UINT64_MAX - 1);
	rings_stop(&g);
}

/* Each spoils one good event between two others; it is then counted twice: bad, and missing. */
static void malformed(void)
{
	static const struct {
		const char *what;
		uint16_t id, cpu;
		uint32_t source;
		unsigned int arg;
		uint64_t value;
	} cases[] = {
		{ "id 0", PVTLB_EV_NONE, 1, 0, 0, 0 },
		{ "first id that is none", PVTLB_EV_NR, 1, 0, 0, 0 },
		{ "largest id", UINT16_MAX, 1, 0, 0, 0 },
		{ "another CPU", PVTLB_EV_IRQ_ENTRY, 0, 0, 0, 0 },
		{ "no CPU", PVTLB_EV_IRQ_ENTRY, UINT16_MAX, 0, 0, 0 },
		{ "first source that is none", PVTLB_EV_IRQ_ENTRY, 1, SOURCES + 1, 0, 0 },
		{ "largest source", PVTLB_EV_IRQ_ENTRY, 1, UINT32_MAX, 0, 0 },
		{ "first unused argument", PVTLB_EV_IRQ_ENTRY, 1, 0, 1, 1 },
		{ "last unused argument", PVTLB_EV_IRQ_ENTRY, 1, 0, 5, 1ull << 63 },
		{ "the one unused argument", PVTLB_EV_PTE_SET, 1, 0, 5, 1 },
		{ "the VMM's own", PVTLB_EV_HELD, 1, 0, 0, 1 },
		{ "the VMM's other one", PVTLB_EV_RESUMED, 1, 0, 0, 1 },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_event *event;
		struct rings g;

		rings_start(&g);
		ring_trace(&g, 1);
		event = ring_trace(&g, 1);
		event->id = cases[i].id;
		event->cpu = cases[i].cpu;
		event->source = cases[i].source;
		event->arg[cases[i].arg] = cases[i].value;
		ring_trace(&g, 1);
		event_log_finish(&g.log, g.sequence);
		EXPECT(event_log_stream(&g.log).nr == 2, "%s: kept", cases[i].what);
		EXPECT(event_log_stream(&g.log).malformed == 1, "%s: not counted", cases[i].what);
		EXPECT(event_log_stream(&g.log).lost == 1, "%s: no gap", cases[i].what);
		rings_stop(&g);
	}
}

static uint64_t *arg_at(struct pvtlb_event *event, unsigned int place)
{
	uint64_t *value = event->arg;

	for (unsigned int i = 0; i < place; i++)
		value += event_args[event->id][i].words;
	return value;
}

/* What is no argument of the kind, and next to it what is one. Of CPU 1's third event. */
static void out_of_range(void)
{
	static const struct {
		const char *what;
		struct pvtlb_event event;
		bool good;
	} cases[] = {
#define CASE(what, good, ...) { what, PVTLB_EVENT(1, __VA_ARGS__), good }
		CASE("no step", false, BOOT, .step = 0),
		CASE("first step", true, BOOT, .step = PVTLB_BOOT_START_KERNEL),
		CASE("last step", true, BOOT, .step = PVTLB_BOOT_BACKEND_REFUSED),
		CASE("a step too many", false, BOOT, .step = PVTLB_BOOT_BACKEND_REFUSED + 1),
		CASE("no such step", false, BOOT, .step = UINT64_MAX),
		CASE("last reason", true, BOOT, .step = 1, .refused = PVTLB_REFUSED_NR - 1),
		CASE("no such reason", false, BOOT, .step = 1, .refused = PVTLB_REFUSED_NR),
		CASE("yes", true, GRACE, .returns = 1),
		CASE("more than yes", false, GRACE, .returns = 2),
		CASE("64, as bits 0", false, GRACE, .returns = 64),
		CASE("last CPU", true, CPU_UP, .cpu = CPUS - 1),
		CASE("a CPU too many", false, CPU_UP, .cpu = CPUS),
		CASE("last CPU, of a set", true, FLUSH_MULTI, .cpus = { { 1 << (CPUS - 1) } }),
		CASE("a CPU too many, of a set", false, FLUSH_MULTI, .cpus = { { 1 << CPUS } }),
		CASE("the same, in the last word", false, FLUSH_MULTI,
		     .cpus = { { 1, 0, 0, 1ull << 63 } }),
		CASE("all, asked for", true, ASK,
		     .cpus = { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } }),
		CASE("a page", true, PAGE_FREE, .shift = 12),
		CASE("256 TiB", true, PAGE_FREE, .shift = 48),
		CASE("a byte", false, PAGE_FREE, .shift = 0),
		CASE("what no entry maps", false, PAGE_FREE, .shift = 13),
		CASE("128 PiB", false, PAGE_FREE, .shift = 57),
		CASE("76, as bits 12", false, PAGE_FREE, .shift = 76),
		CASE("last physical address", true, PAGE_FREE, .page = (1ull << 52) - 1, .shift = 12),
		CASE("one more", false, PAGE_FREE, .page = 1ull << 52, .shift = 12),
		CASE("last of the lower half", true, INVLPG, .addr = (1ull << 47) - 1),
		CASE("no address", false, INVLPG, .addr = 1ull << 47),
		CASE("first of the upper half", true, INVLPG, .addr = -(1ull << 47)),
		CASE("no address, below it", false, INVLPG, .addr = -(1ull << 47) - 1),
		CASE("end of the lower half", true, GATHER, .end = 1ull << 47),
		CASE("behind that", false, GATHER, .end = (1ull << 47) + 1),
		CASE("all", true, GATHER, .end = UINT64_MAX),
		CASE("no address, asked for", true, ASK_RANGE, .start = 1ull << 47),
		CASE("the event before", true, RETURNS, .call = 1, .since = 2),
		CASE("itself", false, RETURNS, .call = 1, .since = 3),
		CASE("one that is to come", false, RETURNS, .call = 1, .since = UINT64_MAX),
		CASE("a fault", true, FAULT, .fault = PVTLB_FAULT_NR - 1),
		CASE("no such fault", false, FAULT, .fault = PVTLB_FAULT_NR),
		CASE("any mm, any count", true, FLUSH_END, .mm = UINT64_MAX, .tlb_gen = UINT64_MAX),
#undef CASE
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_event *event;
		struct rings g;

		rings_start(&g);
		ring_trace(&g, 0);
		ring_trace(&g, 0);
		event = ring_trace(&g, 1);
		event->id = cases[i].event.id;
		memcpy(event->arg, cases[i].event.arg, sizeof(event->arg));
		event_log_finish(&g.log, g.sequence);
		EXPECT(event_log_stream(&g.log).malformed == !cases[i].good, "%s", cases[i].what);
		rings_stop(&g);
	}
}

/* Every event, with all arguments it has set and then one more, if it has less than all. */
static void unused_arguments(void)
{
	struct rings g;
	unsigned int good = 0, bad = 0;

	rings_start(&g);
	for (unsigned int id = PVTLB_EV_NONE + 1; id < PVTLB_EV_NR; id++) {
		struct pvtlb_event *event;
		unsigned int used = event_words(id);

		/* The VMM's own; a guest's is malformed whatever is in it. */
		if (event_is_ours(id))
			continue;
		event = ring_trace(&g, 0);
		event->id = id;
		memset(event->arg, 0, sizeof(event->arg));
		for (unsigned int i = 0; event_args[id][i].name; i++)
			*arg_at(event, i) = event_args[id][i].kind == PVTLB_KIND_SHIFT ? 12 : 1;
		good++;
		if (used == PVTLB_EVENT_ARGS)
			continue;
		event = ring_trace(&g, 0);
		memcpy(event->arg, event[-1].arg, sizeof(event->arg));
		event->id = id;
		event->arg[used] = 1;
		bad++;
	}
	event_log_finish(&g.log, g.sequence);
	CU_ASSERT_EQUAL(event_log_stream(&g.log).nr, good);
	CU_ASSERT_EQUAL(event_log_stream(&g.log).malformed, bad);
	CU_ASSERT(bad > 10);
	rings_stop(&g);
}

/* A head that cannot be: nothing is read, nothing runs past the ring, and the run is not clean. */
static void bad_head(void)
{
	static const uint64_t heads[] = { CAP + 1, 2 * CAP, 1ull << 32, UINT64_MAX };

	for (size_t i = 0; i < NR_OF(heads); i++) {
		struct rings g;

		rings_start(&g);
		ring_trace(&g, 0);
		g.ring[0]->head = heads[i];
		EXPECT(event_log_drain(&g.log, 0) == 0, "head %#llx", (unsigned long long)heads[i]);
		event_log_finish(&g.log, g.sequence);
		CU_ASSERT_EQUAL(event_log_stream(&g.log).nr, 0);
		CU_ASSERT(event_log_stream(&g.log).malformed > 0);
		CU_ASSERT_EQUAL(event_log_stream(&g.log).lost, 1);
		rings_stop(&g);
	}
}

/* A head that goes back behind what was taken, and a tail that only the VMM may write. */
static void bad_cursors(void)
{
	struct rings g;

	rings_start(&g);
	for (unsigned int i = 0; i < 10; i++)
		ring_trace(&g, 0);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 10);
	g.ring[0]->tail = 3;
	ring_trace(&g, 0);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 1);
	CU_ASSERT_EQUAL(g.ring[0]->tail, 11);
	g.ring[0]->head = 5;
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 0);
	event_log_finish(&g.log, g.sequence);
	CU_ASSERT_EQUAL(event_log_stream(&g.log).nr, 11);
	CU_ASSERT(event_log_stream(&g.log).malformed > 0);
	rings_stop(&g);
}

/* The guest's capacity is for the guest. */
static void bad_capacity(void)
{
	struct rings g;

	rings_start(&g);
	ring_trace(&g, 0);
	g.ring[0]->capacity = UINT32_MAX;
	g.ring[0]->head = CAP;
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 1);
	rings_stop(&g);
}

static void duplicates(void)
{
	struct pvtlb_event *event;
	struct rings g;

	rings_start(&g);
	ring_trace(&g, 0);
	ring_trace(&g, 1);
	event = ring_trace(&g, 2);
	event->seq = 2; /* CPU 1's */
	event->irq_entry.vector = 2;
	ring_trace(&g, 0);
	expect_log(&g, 3, 1, 1);
	rings_stop(&g);
}

static void beyond_last(void)
{
	struct pvtlb_event *event;
	struct rings g;

	rings_start(&g);
	ring_trace(&g, 0);
	event = ring_trace(&g, 0);
	event->seq = 3;
	event = ring_trace(&g, 0);
	event->seq = UINT64_MAX;
	g.sequence = 2;
	expect_log(&g, 1, 1, 2);
	rings_stop(&g);
}

/* A guest that has set its sequence back, or to the end of all numbers. */
static void appended_hostile(void)
{
	struct rings g;

	rings_start(&g);
	event_log_number(&g.log, &g.sequence);
	event_log_append(&g.log, 0, HELD, .at = 1);
	g.sequence = 0;
	event_log_append(&g.log, 0, HELD, .at = 1);
	g.sequence = UINT64_MAX;
	event_log_append(&g.log, 0, HELD, .at = 0);
	expect_log(&g, 0, 0, 3);
	rings_stop(&g);
}

/* Bytes of noise for a ring: nothing crashes, and nothing that is kept is malformed. */
static void noise(void)
{
	struct rnd rng = { 0x72696e67 };

	for (unsigned int round = 0; round < 20; round++) {
		uint64_t *word;
		struct rings g;

		rings_start(&g);
		word = (uint64_t *)g.ring[0]->slot;
		for (size_t i = 0; i < CAP * 8; i++)
			word[i] = rnd_below(&rng, 4) ? rnd(&rng) & 0x1f : rnd(&rng);
		g.ring[0]->head = rnd_below(&rng, CAP + 1);
		event_log_finish(&g.log, 100);
		CU_ASSERT(event_log_stream(&g.log).nr <= 100);
		for (size_t i = 0; i < g.log.nr; i++)
			EXPECT(g.log.event[i].id && g.log.event[i].id < PVTLB_EV_NR &&
				       !g.log.event[i].cpu && g.log.event[i].source <= SOURCES,
			       "round %u, event %zu", round, i);
		rings_stop(&g);
	}
}

SUITE(unit_events_malformed, false, { "a sequence that jumped", hostile_sequence },
      { "malformed events", malformed }, { "arguments that are not used", unused_arguments },
      { "arguments that are none", out_of_range },
      { "a head that cannot be", bad_head }, { "head back, tail overwritten", bad_cursors },
      { "capacity overwritten", bad_capacity }, { "a sequence number twice", duplicates },
      { "a sequence number beyond the last", beyond_last },
      { "the same with a sequence that jumped", appended_hostile }, { "a ring of noise", noise });
