/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: streams made to hurt, by chance or by intent. */
#include <stdlib.h>

#include "walk_stream.h"

/* One of a few values that fit together, now and then any. */
static uint64_t pick(struct rnd *rng, const uint64_t *from, size_t nr)
{
	return rnd_below(rng, 32) ? from[rnd_below(rng, nr)] : rnd(rng);
}

/* An event of a kind that the oracle follows, with arguments that others may have, too. */
static struct pvtlb_event random_event(struct rnd *rng)
{
	static const uint64_t shifts[] = { 12, 12, 12, 21, 21, 30, 39, 63, 64, FULL };
	static const uint64_t addrs[] = {
		VA, VA, VA + PAGE, VA + (1ull << 21), 0, FULL, 1ull << 63
	};
	static const uint64_t tables[] = { TABLE, TABLE, UPPER, UPPER + PAGE, 0 };
	static const uint64_t small[] = { 0, 1, 1, 2, 3, 4, 5 };
	static const uint64_t ptes[] = { 0, OLD | RW, NEW | RW, NEW | RO };
	static const uint64_t pgds[] = { 0x10000, 0x20000, 0x20000, 0x30000, FULL, 0 };
	static const uint64_t pages[] = { OLD, NEW, 0 };
#define ANY(values) pick(rng, values, NR_OF(values))
	const uint64_t mm = ANY(small), addr = ANY(addrs), table = ANY(tables), gen = ANY(small);
	const uint64_t shift = ANY(shifts), one = ANY(small), since = rnd_below(rng, 4000);
	const unsigned int cpu = rnd_below(rng, 64) ? rnd_below(rng, 4) : rnd_below(rng, 65536);
	const struct pvtlb_event kinds[] = {
		EV(cpu, IRQ_ENTRY, one),
		EV(cpu, IRQ_EXIT, one),
		EV(cpu, SWITCH_MM, mm),
		EV(cpu, LAZY, mm),
		EV(cpu, ASID, mm, one),
		EV(cpu, PTE_SET, mm, addr, ANY(ptes), ANY(ptes), shift),
		EV(cpu, PTE_SET, mm, addr, ANY(ptes), ANY(ptes), shift),
		EV(cpu, PTE_STORED, mm, addr, shift),
		EV(cpu, PTE_STORED, mm, addr, shift),
		EV(cpu, TABLE_ALLOC, table, gen),
		EV(cpu, TABLE_HOOK, mm, addr, table, gen, shift),
		EV(cpu, TABLE_UNHOOK, mm, addr, table, gen, shift),
		EV(cpu, TABLE_DEPOSIT, table, gen, mm),
		EV(cpu, TABLE_OWN, table, gen, mm),
		EV(cpu, TABLE_FREE, table, gen, POISON),
		EV(cpu, FLUSH_BEGIN, mm, ANY(addrs), ANY(addrs), gen, one),
		EV(cpu, FLUSH_MULTI, { { one, one, one, one } }),
		EV(cpu, SERVED, ANY(addrs), ANY(addrs), { { one, one, one, one } }),
		EV(cpu, ELIDED, one, gen),
		EV(cpu, FLUSH_ENTER, mm, gen, one),
		EV(cpu, FLUSH_FUNC, mm, gen, one, one),
		EV(cpu, FLUSH_END, mm, gen),
		EV(cpu, SYNC, one, gen),
		EV(cpu, GRACE, one),
		EV(cpu, WALK_BEGIN, mm, addr, 1 + rnd_below(rng, 2), one),
		EV(cpu, WALK_LOAD, table, gen, shift, POISON, since),
		EV(cpu, WALK_LOAD, table, gen, shift, POISON, since),
		EV(cpu, WALK_END, one, OLD),
		EV(cpu, ACCESS, mm, addr, one, one, OLD, since),
		EV(cpu, TRIAL, one, one),
		EV(cpu, HELD, one),
		EV(cpu, SERVE, ANY(pgds), { { one, one, one, one } }),
		EV(cpu, DEFERRED, one),
		{ .id = PVTLB_EV_FLUSHED, .cpu = cpu },
		EV(cpu, MM, mm, ANY(pgds)),
		EV(cpu, CR3, ANY(pgds), one, 1 + rnd_below(rng, 3)),
		EV(cpu, CR3, ANY(pgds), one, 1 + rnd_below(rng, 3)),
		EV(cpu, INVLPG, addr),
		EV(cpu, INVLPGB, addr, one, gen),
		EV(cpu, TLBSYNC, 0),
		EV(cpu, ASK, ANY(pgds), { { one, one, one, one } }),
		EV(cpu, ASK_RANGE, ANY(addrs), ANY(addrs)),
		EV(cpu, HYPERCALL, one, rnd_below(rng, 2)),
		EV(cpu, FLUSH_ONLY, { { one, one, one, one } }),
		EV(cpu, RETURNS, mm, one, ANY(addrs), ANY(addrs), since),
		EV(cpu, PAGE_FREE, ANY(pages), shift),
		EV(cpu, WALK_GRAB, OLD),
		EV(cpu, RESUMED, one),
	};

	return kinds[rnd_below(rng, NR_OF(kinds))];
}

/* The same for what needs many to fit: one entry of one mm, and who has that loaded. */
static struct pvtlb_event close_event(struct rnd *rng)
{
	const unsigned int cpu = rnd_below(rng, 3);
	const struct pvtlb_event kinds[] = {
		EV(cpu, MM, 1, 0x10000),
		EV(cpu, CR3, 0x10000, rnd_below(rng, 2), 1 + rnd_below(rng, 3)),
		EV(cpu, CR3, 0x10000, 0, PVTLB_DROPS_NOTHING),
		EV(cpu, SWITCH_MM, 1),
		EV(cpu, LAZY, 1),
		EV(cpu, PTE_SET, 1, VA, 0, OLD | RW, 12),
		EV(cpu, PTE_SET, 1, VA, OLD | RW, NEW | RW, 12),
		EV(cpu, PTE_STORED, 1, VA, 12),
		EV(cpu, PTE_STORED, 1, VA, 12),
		EV(cpu, FLUSH_BEGIN, 1, 0, FULL),
		EV(cpu, FLUSH_END, 1),
		EV(cpu, RETURNS, 1, PVTLB_MM_ZAP, 0, FULL, rnd_below(rng, 4000)),
		EV(cpu, WALK_BEGIN, 1, VA, PVTLB_WALK_GUP, 1),
		EV(cpu, WALK_GRAB, OLD),
		EV(cpu, WALK_END, PVTLB_WALK_PAGE, OLD),
	};

	/* A new mm is the end of all that is known of the old one. */
	return kinds[rnd_below(rng, 200) ? 1 + rnd_below(rng, NR_OF(kinds) - 1) : 0];
}

static void report_all(const struct event_stream *stream, const struct violations *bad,
		       unsigned int seen[VIOLATION_KINDS])
{
	for (unsigned int i = 0; i < bad->kept; i++) {
		char text[1024], *report = NULL;
		size_t len;
		FILE *to = open_memstream(&report, &len);

		violation_report(to, stream, &bad->v[i], NULL);
		fclose(to);
		EXPECT(len > 0 && violation_text(&bad->v[i], text, sizeof(text)), "no text");
		free(report);
		seen[bad->v[i].kind]++;
	}
}

/* Of all, not of the first that are kept. */
static void note_seen(void *ctx, const struct violation *v)
{
	((unsigned int *)ctx)[v->kind]++;
}

/* Whatever the events say, the oracle comes to an end, and has words for what it found. */
static void random_streams(void)
{
	static struct pvtlb_event event[4000];
	const struct event_stream stream = { .event = event, .nr = NR_OF(event) };
	unsigned int seen[VIOLATION_KINDS] = { 0 };
	struct rnd rng = { 0x77616c6b };

	for (unsigned int round = 0; round < 60; round++) {
		for (size_t i = 0; i < NR_OF(event); i++) {
			event[i] = round % 4 ? random_event(&rng) : close_event(&rng);
			event[i].seq = i + 1;
		}
		oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIMS, .promise = round % 3 }, &found);
		EXPECT(!found.safe.gave_up, "round %u", round);
		EXPECT(found.delivered.walkers_interrupted <= found.delivered.walkers, "round %u",
		       round);
		report_all(&stream, &found.safe.bad, seen);
		report_all(&stream, &found.delivered.bad, seen);
		report_all(&stream, &found.permitted.bad, seen);
		oracle_safe(&stream, false, &found.safe, note_seen, seen);
		oracle_permitted(&stream, &(struct permitted_terms){ .believed = round % 2 },
				 &found.permitted, note_seen, seen);
	}
	/* It is no test of a kind that never occurs. */
	for (unsigned int kind = 0; kind < VIOLATION_KINDS; kind++)
		EXPECT(seen[kind], "%s: never seen", violation_names[kind]);
}

/* A stream of well-formed noise: whatever comes out, the numbers must fit each other. */
static void noise(void)
{
	static struct pvtlb_event stream[400];
	struct rnd rng = { 0x6f726163 };
	unsigned int odd = 0;
	uint64_t checks = 0;

	for (unsigned int round = 0; round < 300; round++) {
		for (size_t i = 0; i < NR_OF(stream); i++) {
			stream[i].id = 1 + rnd_below(&rng, PVTLB_EV_NR - 1);
			/* The oracle may be given CPUs that the log would not let through. */
			stream[i].cpu = rnd_below(&rng, rnd_below(&rng, 16) ? 4 : UINT16_MAX + 1);
			for (int a = 0; a < PVTLB_EVENT_ARGS; a++)
				stream[i].arg[a] = rnd_below(&rng, 8)	? rnd_below(&rng, 4)
						   : rnd_below(&rng, 2) ? 12
									: rnd(&rng);
		}
		judge_stream(stream, NR_OF(stream), rnd_below(&rng, 2));
		checks += found.safe.checks;
		odd += found.delivered.interrupted > found.delivered.targets;
		odd += found.delivered.walkers_interrupted > found.delivered.walkers;
		odd += found.safe.checks_large > found.safe.checks;
		odd += found.violated > found.trials;
		odd += !found.violated != !(found.delivered.bad.total + found.safe.bad.total +
						found.permitted.bad.total);
	}
	CU_ASSERT_EQUAL(odd, 0);
	CU_ASSERT(checks > 0);
}

/* A guest that maps without end must not keep the oracle busy without end. */
static void too_much(void)
{
	size_t nr = 1u << 18;
	struct pvtlb_event *event = calloc(nr, sizeof(*event));
	struct event_stream stream = { .event = event, .nr = nr };

	/* From the top down: the worst order. */
	for (size_t i = 0; i < nr; i++)
		event[i] = (struct pvtlb_event)STORE(0, 1, VA - i * PAGE, 0, OLD | RW, 12);
	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIMS, .promise = INTERRUPTS_ALL }, &found);
	CU_ASSERT_TRUE(found.safe.gave_up);
	free(event);
}

/* A history that every load looks at from its end to its beginning: that must have an end. */
static void too_much_history(void)
{
	const size_t nr = 1u << 18;
	struct pvtlb_event *event = calloc(nr, sizeof(*event));
	const struct event_stream stream = { .event = event, .nr = nr };

	for (size_t i = 0; i < nr; i++) {
		event[i] = i < nr / 2 ? (struct pvtlb_event)HOOK(TABLE)
			   : i % 2    ? (struct pvtlb_event)GUP(1)
				      : (struct pvtlb_event)GO(1, TABLE, 21, 0);
		event[i].seq = i + 1;
	}
	event[0] = (struct pvtlb_event)ALLOC(TABLE);
	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIM_SAFE, .promise = INTERRUPTS_ALL }, &found);
	CU_ASSERT_TRUE(found.safe.gave_up);
	free(event);
}

SUITE(unit_oracle_random, false, { "random streams", random_streams }, { "noise", noise },
      { "more than can be checked", too_much },
      { "more history than can be looked at", too_much_history });
