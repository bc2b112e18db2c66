/* SPDX-License-Identifier: GPL-2.0-only */
/* The event log: rings written the way the guest writes them, and the ways it must not. */
#include <stdlib.h>
#include <string.h>

#include "events/events.h"
#include "unit_util.h"

#define CAP  EVENT_RING_CAPACITY
#define CPUS 3u

/* A machine's rings and its one sequence, in memory of the exact size. */
struct guest {
	struct event_log log;
	struct pvtlb_ring *ring[CPUS];
	uint64_t sequence;
};

static void start(struct guest *g)
{
	*g = (struct guest){ 0 };
	event_log_init(&g->log, CPUS);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		g->ring[cpu] = calloc(1, event_ring_bytes());
		event_log_attach(&g->log, cpu, g->ring[cpu], event_ring_bytes());
	}
}

static void stop(struct guest *g)
{
	event_log_free(&g->log);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		free(g->ring[cpu]);
}

/* trace_event() in two halves, so that a test can look in between: the slot, or NULL if full. */
static struct pvtlb_event *reserve(struct guest *g, unsigned int cpu)
{
	struct pvtlb_ring *ring = g->ring[cpu];

	if (ring->head - ring->tail >= ring->capacity) {
		ring->lost++;
		g->sequence++;
		return NULL;
	}
	return &ring->slot[ring->head++ & (ring->capacity - 1)];
}

static void commit(struct guest *g, unsigned int cpu, struct pvtlb_event *event, uint64_t arg)
{
	event->id = PVTLB_EV_IRQ_ENTRY;
	event->cpu = cpu;
	event->reserved = 0;
	memset(event->arg, 0, sizeof(event->arg));
	event->irq_entry.vector = arg;
	event->seq = ++g->sequence;
}

/* Write an event; its sequence number is its argument, to find it again. */
static struct pvtlb_event *trace(struct guest *g, unsigned int cpu)
{
	struct pvtlb_event *event = reserve(g, cpu);

	if (event)
		commit(g, cpu, event, g->sequence + 1);
	return event;
}

/* Finish and compare: numbers of events, and that each is what was written in its place. */
static void expect_log(struct guest *g, uint64_t nr, uint64_t lost, uint64_t malformed)
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

static void attach(void)
{
	struct guest g;

	start(&g);
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
	stop(&g);
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
	struct guest g;

	start(&g);
	for (unsigned int i = 0; i < 1000; i++)
		trace(&g, rnd_below(&rng, CPUS));
	/* Some now, out of turn, and the rest at the end. */
	CU_ASSERT(event_log_drain(&g.log, 2) > 100);
	for (unsigned int i = 0; i < 1000; i++)
		trace(&g, rnd_below(&rng, CPUS));
	expect_log(&g, 2000, 0, 0);
	for (unsigned int i = 0; i < 2000; i++)
		if (g.log.event[i].seq != i + 1) {
			EXPECT(false, "event %u", i);
			break;
		}
	stop(&g);
}

/* An upcall between reserving and committing: the later slot has the smaller number. */
static void nested(void)
{
	struct pvtlb_event *outer;
	struct guest g;

	start(&g);
	outer = reserve(&g, 0);
	trace(&g, 0);
	trace(&g, 0);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 0);
	CU_ASSERT_EQUAL(g.ring[0]->tail, 0);
	commit(&g, 0, outer, g.sequence + 1);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 3);
	expect_log(&g, 3, 0, 0);
	stop(&g);
}

static void uncommitted(void)
{
	struct pvtlb_event *late;
	struct guest g;

	start(&g);
	trace(&g, 1);
	late = reserve(&g, 1);
	trace(&g, 1);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 1), 1);
	CU_ASSERT_EQUAL(g.ring[1]->tail, 1);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 1), 0);
	commit(&g, 1, late, g.sequence + 1);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 1), 2);
	expect_log(&g, 3, 0, 0);
	stop(&g);
}

/* A CPU that the end of the run stopped between reserving and committing: nothing is lost. */
static void never_committed(void)
{
	struct guest g;

	start(&g);
	trace(&g, 0);
	reserve(&g, 0);
	trace(&g, 0);
	trace(&g, 1);
	expect_log(&g, 3, 0, 0);
	stop(&g);
}

/* The same, with its number taken; but one slot accounts for one number only. */
static void never_committed_numbered(void)
{
	struct guest g;

	start(&g);
	reserve(&g, 0);
	g.sequence++;
	trace(&g, 0);
	expect_log(&g, 1, 0, 0);
	stop(&g);

	start(&g);
	reserve(&g, 0);
	g.sequence += 2;
	trace(&g, 0);
	expect_log(&g, 1, 1, 0);
	stop(&g);

	/* A slot without a number excuses nothing that the guest itself counts as dropped. */
	start(&g);
	reserve(&g, 0);
	g.ring[1]->lost = 1;
	g.sequence++;
	trace(&g, 0);
	expect_log(&g, 1, 1, 0);
	stop(&g);
}

static void wraparound(void)
{
	size_t drained = 0;
	struct guest g;

	start(&g);
	for (unsigned int i = 0; i < 5 * CAP / 2; i++) {
		if (i % 1000 == 999)
			drained += event_log_drain(&g.log, 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(trace(&g, 0));
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
	stop(&g);
}

static void full(void)
{
	struct guest g;

	start(&g);
	for (unsigned int i = 0; i < CAP; i++)
		CU_ASSERT_PTR_NOT_NULL_FATAL(trace(&g, 0));
	for (unsigned int i = 0; i < 3; i++)
		CU_ASSERT_PTR_NULL(trace(&g, 0));
	/* The counter is not what tells: a guest that hides it is found out by the gap. */
	g.ring[0]->lost = 0;
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), CAP);
	CU_ASSERT_PTR_NOT_NULL(trace(&g, 0));
	expect_log(&g, CAP + 1, 3, 0);
	stop(&g);
}

static void lost_at_the_end(void)
{
	struct guest g;

	start(&g);
	trace(&g, 0);
	g.sequence += 2;
	expect_log(&g, 1, 2, 0);
	stop(&g);
}

static void hostile_sequence(void)
{
	struct guest g;

	start(&g);
	trace(&g, 0);
	event_log_finish(&g.log, UINT64_MAX);
	CU_ASSERT_EQUAL(event_log_stream(&g.log).lost, UINT64_MAX - 1);
	stop(&g);
}

/* Each spoils one good event between two others; it is then counted twice: bad, and missing. */
static void malformed(void)
{
	static const struct {
		const char *what;
		uint16_t id, cpu;
		uint32_t reserved;
		unsigned int arg;
		uint64_t value;
	} cases[] = {
		{ "id 0", PVTLB_EV_NONE, 1, 0, 0, 0 },
		{ "first id that is none", PVTLB_EV_NR, 1, 0, 0, 0 },
		{ "largest id", UINT16_MAX, 1, 0, 0, 0 },
		{ "another CPU", PVTLB_EV_IRQ_ENTRY, 0, 0, 0, 0 },
		{ "no CPU", PVTLB_EV_IRQ_ENTRY, UINT16_MAX, 0, 0, 0 },
		{ "reserved", PVTLB_EV_IRQ_ENTRY, 1, 1, 0, 0 },
		{ "reserved, high bit", PVTLB_EV_IRQ_ENTRY, 1, 1u << 31, 0, 0 },
		{ "first unused argument", PVTLB_EV_IRQ_ENTRY, 1, 0, 1, 1 },
		{ "last unused argument", PVTLB_EV_IRQ_ENTRY, 1, 0, 5, 1ull << 63 },
		{ "the one unused argument", PVTLB_EV_PTE_SET, 1, 0, 5, 1 },
		{ "the VMM's own", PVTLB_EV_PARK, 1, 0, 0, 1 },
		{ "the VMM's other one", PVTLB_EV_UNPARK, 1, 0, 0, 1 },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_event *event;
		struct guest g;

		start(&g);
		trace(&g, 1);
		event = trace(&g, 1);
		event->id = cases[i].id;
		event->cpu = cases[i].cpu;
		event->reserved = cases[i].reserved;
		event->arg[cases[i].arg] = cases[i].value;
		trace(&g, 1);
		event_log_finish(&g.log, g.sequence);
		EXPECT(event_log_stream(&g.log).nr == 2, "%s: kept", cases[i].what);
		EXPECT(event_log_stream(&g.log).malformed == 1, "%s: not counted", cases[i].what);
		EXPECT(event_log_stream(&g.log).lost == 1, "%s: no gap", cases[i].what);
		stop(&g);
	}
}

/* Every event, with all arguments it has set and then one more, if it has less than all. */
static void unused_arguments(void)
{
	struct guest g;
	unsigned int good = 0, bad = 0;

	start(&g);
	for (unsigned int id = PVTLB_EV_NONE + 1; id < PVTLB_EV_NR; id++) {
		struct pvtlb_event *event;
		unsigned int used = event_words(id);

		/* The VMM's own; a guest's is malformed whatever is in it. */
		if (id == PVTLB_EV_PARK || id == PVTLB_EV_UNPARK || id == PVTLB_EV_SERVED)
			continue;
		event = trace(&g, 0);
		event->id = id;
		for (unsigned int i = 0; i < used; i++)
			event->arg[i] = UINT64_MAX;
		good++;
		if (used == PVTLB_EVENT_ARGS)
			continue;
		event = trace(&g, 0);
		memset(event->arg, 0, sizeof(event->arg));
		event->id = id;
		event->arg[used] = 1;
		bad++;
	}
	event_log_finish(&g.log, g.sequence);
	CU_ASSERT_EQUAL(event_log_stream(&g.log).nr, good);
	CU_ASSERT_EQUAL(event_log_stream(&g.log).malformed, bad);
	CU_ASSERT(bad > 10);
	stop(&g);
}

/* A head that cannot be: nothing is read, nothing runs past the ring, and the run is not clean. */
static void bad_head(void)
{
	static const uint64_t heads[] = { CAP + 1, 2 * CAP, 1ull << 32, UINT64_MAX };

	for (size_t i = 0; i < NR_OF(heads); i++) {
		struct guest g;

		start(&g);
		trace(&g, 0);
		g.ring[0]->head = heads[i];
		EXPECT(event_log_drain(&g.log, 0) == 0, "head %#llx", (unsigned long long)heads[i]);
		event_log_finish(&g.log, g.sequence);
		CU_ASSERT_EQUAL(event_log_stream(&g.log).nr, 0);
		CU_ASSERT(event_log_stream(&g.log).malformed > 0);
		CU_ASSERT_EQUAL(event_log_stream(&g.log).lost, 1);
		stop(&g);
	}
}

/* A head that goes back behind what was taken, and a tail that only the VMM may write. */
static void bad_cursors(void)
{
	struct guest g;

	start(&g);
	for (unsigned int i = 0; i < 10; i++)
		trace(&g, 0);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 10);
	g.ring[0]->tail = 3;
	trace(&g, 0);
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 1);
	CU_ASSERT_EQUAL(g.ring[0]->tail, 11);
	g.ring[0]->head = 5;
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 0);
	event_log_finish(&g.log, g.sequence);
	CU_ASSERT_EQUAL(event_log_stream(&g.log).nr, 11);
	CU_ASSERT(event_log_stream(&g.log).malformed > 0);
	stop(&g);
}

/* The guest's capacity is for the guest. */
static void bad_capacity(void)
{
	struct guest g;

	start(&g);
	trace(&g, 0);
	g.ring[0]->capacity = UINT32_MAX;
	g.ring[0]->head = CAP;
	CU_ASSERT_EQUAL(event_log_drain(&g.log, 0), 1);
	stop(&g);
}

static void duplicates(void)
{
	struct pvtlb_event *event;
	struct guest g;

	start(&g);
	trace(&g, 0);
	trace(&g, 1);
	event = trace(&g, 2);
	event->seq = 2; /* CPU 1's */
	event->irq_entry.vector = 2;
	trace(&g, 0);
	expect_log(&g, 3, 1, 1);
	stop(&g);
}

static void beyond_last(void)
{
	struct pvtlb_event *event;
	struct guest g;

	start(&g);
	trace(&g, 0);
	event = trace(&g, 0);
	event->seq = 3;
	event = trace(&g, 0);
	event->seq = UINT64_MAX;
	g.sequence = 2;
	expect_log(&g, 1, 1, 2);
	stop(&g);
}

/* The VMM's own events take their place among the guest's, by the guest's numbers. */
static void appended(void)
{
	struct guest g;

	start(&g);
	event_log_number(&g.log, &g.sequence);
	trace(&g, 0);
	event_log_append(&g.log, 2, PARK, .at = 2);
	trace(&g, 1);
	event_log_append(&g.log, 2, UNPARK, .by = 4);
	trace(&g, 2);
	CU_ASSERT_EQUAL(g.sequence, 5);
	expect_log(&g, 5, 0, 0);
	CU_ASSERT_EQUAL(g.log.event[1].id, PVTLB_EV_PARK);
	CU_ASSERT_EQUAL(g.log.event[1].cpu, 2);
	CU_ASSERT_EQUAL(g.log.event[3].id, PVTLB_EV_UNPARK);
	stop(&g);
}

/* A guest that has set its sequence back, or to the end of all numbers. */
static void appended_hostile(void)
{
	struct guest g;

	start(&g);
	event_log_number(&g.log, &g.sequence);
	event_log_append(&g.log, 0, PARK, .at = 1);
	g.sequence = 0;
	event_log_append(&g.log, 0, PARK, .at = 1);
	g.sequence = UINT64_MAX;
	event_log_append(&g.log, 0, PARK, .at = 0);
	expect_log(&g, 0, 0, 3);
	stop(&g);
}

/* Bytes of noise for a ring: nothing crashes, and nothing that is kept is malformed. */
static void noise(void)
{
	struct rnd rng = { 0x72696e67 };

	for (unsigned int round = 0; round < 20; round++) {
		uint64_t *word;
		struct guest g;

		start(&g);
		word = (uint64_t *)g.ring[0]->slot;
		for (size_t i = 0; i < CAP * 8; i++)
			word[i] = rnd_below(&rng, 4) ? rnd(&rng) & 0x1f : rnd(&rng);
		g.ring[0]->head = rnd_below(&rng, CAP + 1);
		event_log_finish(&g.log, 100);
		CU_ASSERT(event_log_stream(&g.log).nr <= 100);
		for (size_t i = 0; i < g.log.nr; i++)
			EXPECT(g.log.event[i].id && g.log.event[i].id < PVTLB_EV_NR &&
				       !g.log.event[i].cpu && !g.log.event[i].reserved,
			       "round %u, event %zu", round, i);
		stop(&g);
	}
}

static void print(void)
{
	static const struct {
		struct pvtlb_event event;
		const char *want;
	} cases[] = {
		{ { 12, PVTLB_EV_IRQ_ENTRY, 3, 0, .irq_entry = { 0xfc } }, "#12 CPU 3 irq_entry vector=0xfc\n" },
		{ { 1, PVTLB_EV_KEY, 0, 0, .key = { 0xffffffff81001230, 1, 0, 1 } },
		  "#1 CPU 0 key flush_tlb_multi=0xffffffff81001230 native=0x1 invlpgb=n "
		  "enabled=y\n" },
		{ { UINT64_MAX, PVTLB_EV_ACCESS, 254, 0, .access = { 1, 0x1000, 2, 3, 0, UINT64_MAX } },
		  "#18446744073709551615 CPU 254 access mm=1 addr=0x1000 op=write outcome=protected "
		  "value=0 since=#18446744073709551615\n" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char text[256] = "";
		FILE *to = fmemopen(text, sizeof(text), "w");

		CU_ASSERT_PTR_NOT_NULL_FATAL(to);
		event_print(to, &cases[i].event);
		fclose(to);
		EXPECT(!strcmp(text, cases[i].want), "got: %s", text);
	}
}

/* The table behind the enum: every event has a name of its own, a text, and no gap in its list. */
static void names(void)
{
	CU_ASSERT_EQUAL(PVTLB_EV_BOOT, 1);
	CU_ASSERT_STRING_EQUAL(event_names[PVTLB_EV_BOOT], "boot");
	CU_ASSERT_STRING_EQUAL(event_names[PVTLB_EV_NR - 1], "served");
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
      { "events lost at the end", lost_at_the_end }, { "a sequence that jumped", hostile_sequence },
      { "malformed events", malformed }, { "arguments that are not used", unused_arguments },
      { "a head that cannot be", bad_head }, { "head back, tail overwritten", bad_cursors },
      { "capacity overwritten", bad_capacity }, { "a sequence number twice", duplicates },
      { "a sequence number beyond the last", beyond_last }, { "a ring of noise", noise },
      { "events of the VMM's own", appended },
      { "the same with a sequence that jumped", appended_hostile },
      { "event_print", print }, { "the table of events", names });
