/* SPDX-License-Identifier: GPL-2.0-only */
/* What violations say: what the columns knew, and what the stream tells of the events named. */
#include <string.h>

#include "oracle/describe.h"
#include "walk_stream.h"

/* The n-th violation of a column, and what is in its fields, by path. */
struct detailed {
	const char *name;
	const struct pvtlb_event *event;
	size_t nr;
	enum interrupts promise;
	bool delivered; /* the column; else safe */
	uint64_t total; /* violations in it */
	enum violation_kind kind;
	struct {
		const char *path;
		uint64_t value;
	} field[30];
};
#define OF(stream, column, what, ...)                                                              \
	{                                                                                          \
		.name = #stream ", " #column, .event = stream, .nr = NR_OF(stream),                \
		.delivered = !strcmp(#column, "delivered"), .kind = VIOLATION_##what, __VA_ARGS__  \
	}

static void expect_details(const struct detailed *cases, size_t nr)
{
	for (const struct detailed *c = cases; c < cases + nr; c++) {
		const struct violations *bad =
			c->delivered ? &found.delivered.bad : &found.safe.bad;
		const struct violation *v = &bad->v[0];

		judge_stream(c->event, c->nr, c->promise);
		if (!EXPECT(bad->total == c->total && bad->kept == c->total, "%s: %llu", c->name,
			    (unsigned long long)bad->total))
			continue;
		EXPECT(v->kind == c->kind, "%s: %s", c->name, violation_names[v->kind]);
		for (size_t i = 0; i < NR_OF(c->field) && c->field[i].path; i++) {
			const char *path = c->field[i].path;
			const uint64_t *value;
			bool there = violation_field(v, PARTS, path, strlen(path), &value);

			EXPECT(there && *value == c->field[i].value, "%s: %s is %llu", c->name,
			       path, (unsigned long long)*value);
		}
	}
}

STREAM(bad_third_step) = {
	TRIAL(0, 0), BEGIN(1), MULTI(1, 5), IRQ(0),
	IRQ(2),	     END(1),   TRIAL(2, 3), EV(1, FLUSH_BEGIN, 9, VA, FULL, 77),
	MULTI(1, 5), IRQ(0),   END(1),
};
STREAM(bad_acked_early) = {
	EV(0, FLUSH_BEGIN, 1, VA, VA + PAGE, 2),
	MULTI(0, 2),
	EV(1, IRQ_ENTRY, 0xfc),
	EV(1, FLUSH_ENTER, 1, 2, 0),
	EV(0, FLUSH_END, 1, 2),
	EV(1, FLUSH_FUNC, 1, 2, 0, 0),
};

static void of_flushes(void)
{
	static const struct detailed cases[] = {
		OF(bad_third_step, delivered, NOT_INTERRUPTED, ALL, .total = 1,
		   .field = { { "cpu", 2 },
			      { "mm", 9 },
			      { "trial", 2 },
			      { "step", 3 },
			      { "flush.initiator", 1 },
			      { "flush.begin", 10 },
			      { "flush.end", 14 },
			      { "flush.mm", 9 },
			      { "flush.tlb_gen", 77 },
			      { "flush.tables", false },
			      { "interrupt.at", 0 },
			      { "interrupt.vector", 0 } }),
		OF(bad_third_step, delivered, INTERRUPTED, NONE, .total = 3,
		   .field = { { "cpu", 0 },
			      { "flush.begin", 2 },
			      { "flush.end", 8 },
			      { "interrupt.at", 4 },
			      { "interrupt.vector", 0xfc } }),
		OF(bad_acked_early, delivered, ACK_EARLY, ALL, .total = 1,
		   .field = { { "cpu", 1 },
			      { "flush.initiator", 0 },
			      { "flush.end", 5 },
			      { "func.begin", 4 },
			      { "func.end", 6 } }),
	};

	expect_details(cases, NR_OF(cases));
}

STREAM(bad_fields) = {
	TRIAL(0, 0), TRIAL(4, 2),      SET(OLD | RW, NEW | RO), BEGIN(2),
	END(2),	     SET(NEW | RO, 0), WRITE(3, 6, OLD),
};

static void of_accesses(void)
{
	static const struct detailed cases[] = {
		OF(bad_fields, safe, STALE, ALL, .total = 1,
		   .field = { { "cpu", 3 },
			      { "trial", 4 },
			      { "step", 2 },
			      { "mm", 1 },
			      { "flush.initiator", 2 },
			      { "flush.begin", 5 },
			      { "flush.end", 6 },
			      { "access.at", 9 },
			      { "access.since", 6 },
			      { "access.addr", VA },
			      { "access.op", PVTLB_ACCESS_WRITE },
			      { "access.outcome", PVTLB_ACCESS_OK },
			      { "access.page", OLD },
			      /* the entry as it is now, not the one that the flush was for */
			      { "entry.pte", 0 },
			      { "entry.set", 7 } }),
	};

	expect_details(cases, NR_OF(cases));
}

STREAM(bad_use) = {
	TRIAL(3, 1), POINTER, GONE, SYNC(0, true), FREE(TABLE), GO(1, TABLE, 21, 11),
};
/* A sync was sent: to another CPU than the walker, and to the walker too late. */
STREAM(bad_sync_to_others) = {
	POINTER, GONE, EV(0, SYNC, false, false, { { 4 } }), FREE(TABLE), GO(1, TABLE, 21, 11),
};
STREAM(bad_sync_to_walker) = {
	POINTER, GONE, EV(0, SYNC, false, false, { { 6 } }), FREE(TABLE), GO(1, TABLE, 21, 11),
};
/* What was before the unhook, and what another CPU did, does not belong to it. */
STREAM(bad_bare) = {
	SYNC(0, false),		 FLUSHED, POINTER,     UNHOOK(TABLE), SYNC(2, false),
	BEGIN_AT(0, 2, 0, FULL), END(0),  FREE(TABLE),
};
/* An RCU walk of a table that was left to mm 3; a grace period was asked for in time. */
STREAM(bad_rcu) = {
	TABLES,
	RCU(1),
	UNHOOK_OF(2, TABLE, 2, VA),
	BEGIN_AT(2, 2, 0, FULL),
	END(2),
	EV(2, SYNC, true, true),
	EV(2, GRACE, false),
	EV(2, TABLE_FREE, TABLE, 1, POISON),
	GO(1, TABLE, 21, 10),
	EV(1, WALK_END, PVTLB_WALK_CHANGED),
};

static void of_walks(void)
{
	static const struct detailed cases[] = {
		OF(bad_use, safe, USE_AFTER_FREE, ALL, .total = 1,
		   .field = { { "cpu", 1 },
			      { "trial", 3 },
			      { "step", 1 },
			      { "mm", 1 },
			      { "walk.begin", 4 },
			      { "walk.end", 0 },
			      { "walk.addr", VA },
			      { "walk.kind", PVTLB_WALK_GUP },
			      { "walk.irqs_off", true },
			      { "table.table", TABLE },
			      { "table.gen", 1 },
			      { "table.shift", LARGE },
			      { "pointer.at", 5 },
			      { "pointer.with_walk", false },
			      { "unhook.at", 6 },
			      { "unhook.cpu", 0 },
			      { "unhook.mm", 1 },
			      { "unhook.addr", VA },
			      { "flush.begin", 8 },
			      { "flush.end", 9 },
			      { "flush.tables", true },
			      { "flush.initiator", 0 },
			      { "sync.at", 10 },
			      { "sync.skipped", true },
			      { "release.at", 11 },
			      { "release.as", RELEASED_FREED },
			      { "release.cpu", 0 },
			      { "use.at", 12 },
			      { "use.entry", POISON },
			      { "use.poison", true } }),
		/* The same, as the delivered column has it. */
		OF(bad_use, delivered, WALKER_NOT_INTERRUPTED, ALL, .total = 1,
		   .field = { { "cpu", 1 },
			      { "walk.begin", 4 },
			      { "walk.addr", VA },
			      { "table.table", TABLE },
			      { "table.gen", 1 },
			      { "unhook.at", 6 },
			      { "flush.begin", 8 },
			      { "flush.end", 9 },
			      { "sync.at", 10 },
			      { "sync.skipped", true },
			      { "release.at", 11 },
			      { "release.as", RELEASED_FREED } }),
		OF(bad_sync_to_others, safe, USE_AFTER_FREE, ALL, .total = 1,
		   .field = { { "sync.at", 9 },
			      { "sync.skipped", false },
			      { "sync.missed", true } }),
		OF(bad_sync_to_walker, safe, USE_AFTER_FREE, ALL, .total = 1,
		   .field = { { "sync.at", 9 },
			      { "sync.skipped", false },
			      { "sync.missed", false } }),
		OF(bad_use, safe, USE_AFTER_FREE, ALL, .total = 1,
		   .field = { { "sync.skipped", true }, { "sync.missed", false } }),
		OF(bad_bare, safe, NOT_FLUSHED, ALL, .total = 1,
		   .field = { { "sync.at", 0 }, { "flush.end", 0 }, { "unhook.mm", 1 } }),
		OF(bad_bare, delivered, WALKER_NOT_INTERRUPTED, ALL, .total = 1,
		   .field = { { "sync.at", 0 }, { "flush.end", 0 } }),
		OF(bad_rcu, safe, USE_AFTER_FREE, ALL, .total = 1,
		   .field = { { "walk.kind", PVTLB_WALK_RCU },
			      { "walk.irqs_off", false },
			      { "walk.end", 12 },
			      { "pointer.at", 3 },
			      { "pointer.with_walk", true },
			      { "unhook.cpu", 2 },
			      { "unhook.mm", 2 },
			      { "flush.mm", 2 },
			      { "sync.at", 8 },
			      { "sync.rcu", true },
			      { "grace.at", 9 },
			      { "release.cpu", 2 },
			      { "later.freed", 0 } }),
	};

	expect_details(cases, NR_OF(cases));
}

/* What became of a table until it was used: of each kind the first, and nothing after it. */
STREAM(bad_later) = {
	POINTER,
	GONE,
	OWN(TABLE, 2),
	FREE(TABLE),
	ALLOC(TABLE),
	EV(0, TABLE_HOOK, 4, VA, TABLE, 2, LARGE),
	EV(0, TABLE_HOOK, 5, VA, TABLE, 2, LARGE),
	FREE(UPPER),
	GO(1, TABLE, 21, 14),
	DEPOSIT(TABLE),
};

static void of_tables(void)
{
	static const struct detailed cases[] = {
		OF(bad_later, safe, USE_AFTER_UNSHARE, ALL, .total = 1,
		   .field = { { "release.at", 9 },
			      { "release.as", RELEASED_UNSHARED },
			      { "release.owner", 2 },
			      { "later.freed", 10 },
			      { "later.allocated", 11 },
			      { "later.hooked", 12 },
			      { "later.mm", 4 },
			      { "later.deposited", 0 },
			      { "use.at", 15 } }),
	};

	expect_details(cases, NR_OF(cases));
}

#define HOLD(cpu)   EV(cpu, HELD, 1)
#define RESUME(cpu) EV(cpu, RESUMED, 1)
STREAM(bad_never_held) = { HOLD(1), RESUME(1), HOLD(2), BEGIN(0), MULTI(0, 2), END(0), HOLD(1) };
STREAM(bad_held) = { HOLD(1), BEGIN(0), RESUME(1), MULTI(0, 2), END(0) };
STREAM(bad_held_to_the_end) = { BEGIN(0), HOLD(1), MULTI(0, 2), END(0), IRQ(1) };
STREAM(bad_held_twice_more) = {
	BEGIN(0), HOLD(1), RESUME(1), MULTI(0, 2), HOLD(1), RESUME(1), HOLD(1), END(0), RESUME(1),
};

/* When the VMM held the CPU that a violation is about, in the time that its report is of. */
static void of_holds(void)
{
	static const struct detailed cases[] = {
#define HELD(stream, at, till, others)                                                             \
	OF(stream, delivered, NOT_INTERRUPTED, ALL, .total = 1,                                    \
	   .field = { { "held.from", at }, { "held.to", till }, { "held.more", others } })
		HELD(bad_never_held, 0, 0, 0),
		HELD(bad_held, 1, 3, 0),
		HELD(bad_held_to_the_end, 2, 0, 0),
		HELD(bad_held_twice_more, 2, 3, 2),
#undef HELD
	};

	expect_details(cases, NR_OF(cases));
}

/* The lines that emitted a violation's events, as far as the stream has them. */
static void of_sources(void)
{
	static struct pvtlb_source table[] = { { "guest/mm/gup.c", 37 },
					       { "guest/mm/khugepaged.c", 54 },
					       { "a.c", 1 } };
	static const struct sources sources = { .at = table, .nr = NR_OF(table) };
	struct pvtlb_event event[NR_OF(bad_use)];
	struct event_stream stream = { .event = event, .nr = NR_OF(event), .sources = &sources };
	const struct part_use *use;

	memcpy(event, bad_use, sizeof(event));
	for (size_t i = 0; i < NR_OF(event); i++)
		event[i].seq = i + 1;
	event[4 - 1].source = 1;		 /* the walk's begin, */
	event[6 - 1].source = 2;		 /* the unhook, */
	event[11 - 1].source = NR_OF(table) + 1; /* the release: no such line */
	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIMS, .promise = INTERRUPTS_ALL }, &found);
	CU_ASSERT_EQUAL_FATAL(found.safe.bad.total, 1);
	use = violation_part(&found.safe.bad.v[0], PART_USE);
#define SOURCE(part) found.safe.bad.v[0].use_after.part.source
	CU_ASSERT_STRING_EQUAL(SOURCE(walk).file, "guest/mm/gup.c");
	CU_ASSERT_EQUAL(SOURCE(walk).line, 37);
	CU_ASSERT_STRING_EQUAL(SOURCE(unhook).file, "guest/mm/khugepaged.c");
	CU_ASSERT_EQUAL(SOURCE(unhook).line, 54);
	CU_ASSERT_EQUAL(SOURCE(release).line, 0);
	CU_ASSERT_EQUAL(SOURCE(use).line, 0);
	/* What is behind a source is where it should be. */
	CU_ASSERT_PTR_EQUAL(use, &found.safe.bad.v[0].use_after.use);
	stream.sources = NULL;
	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIMS, .promise = INTERRUPTS_ALL }, &found);
	CU_ASSERT_EQUAL(SOURCE(walk).line, 0);
#undef SOURCE
}

SUITE(unit_oracle_details, false, { "flushes", of_flushes }, { "accesses", of_accesses },
      { "walks", of_walks }, { "what became of a table", of_tables },
      { "when the CPU was held", of_holds }, { "source lines", of_sources });
