/* SPDX-License-Identifier: GPL-2.0-only */
/* What protected, told of streams by hand: each thing that can, and what looks like it and is not. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "show/course.h"
#include "show/story.h"
#include "stream.h"

#define EVENTS_MAX 24u

/* A run of these events, judged by nobody. */
static void show(struct shown *s, struct trace_run *run, struct pvtlb_event *copy,
		 const struct pvtlb_event *event, size_t nr)
{
	*run = (struct trace_run){ .config = { .backend = backend_named("native"), .cpus = 3 } };
	*s = (struct shown){ .run = run, .stream = { .event = copy, .nr = nr } };
	memcpy(copy, event, nr * sizeof(*event));
	for (size_t i = 0; i < nr; i++)
		copy[i].seq = i + 1;
}

struct case_of {
	const char *what;
	const char *says, *not;
	struct pvtlb_event event[EVENTS_MAX]; /* up to the first one of no kind */
};

static size_t length(const struct case_of *c)
{
	size_t nr = 0;

	while (nr < EVENTS_MAX && c->event[nr].id)
		nr++;
	return nr;
}

static void check(const struct case_of *c)
{
	struct pvtlb_event copy[EVENTS_MAX];
	struct trace_run run;
	struct course course;
	struct shown s;
	struct focus f;
	char text[512];

	show(&s, &run, copy, c->event, length(c));
	focus_make(&f, &s);
	course_make(&course, &s, &f);
	course_protected(&course, &f, text, sizeof(text));
	EXPECT(strstr(text, c->says), "%s: no '%s' in: %s", c->what, c->says, text);
	EXPECT(!c->not || !strstr(text, c->not), "%s: '%s' in: %s", c->what, c->not, text);
}

#define TO(set)	    .cpus = { { set } }
#define SENT(set)   EV(0, SYNC, .rcu = false, .skipped = false, TO(set))
#define GRACE(ends) EV(0, GRACE, ends)

/* A walk in whose course a table is taken out, flushed for, and put aside. */
static void of_walks(void)
{
	static const struct case_of cases[] = {
		{ "interrupted", "The flush's interrupt at #6 waited for the end of the walk (#5)",
		  "sync",
		  { GUP(1), UNHOOK(TABLE), BEGIN(0), NOTHING(1), IRQ(1), END(0), FREE(TABLE) } },
		{ "interrupted, and the walk went on", "nothing is seen to have waited",
		  "interrupt",
		  { GUP(1), UNHOOK(TABLE), BEGIN(0), IRQ(1), END(0), NOTHING(1), FREE(TABLE) } },
		{ "an interrupt does not end a read section", "nothing is seen to have waited",
		  "interrupt",
		  { RCU(1), UNHOOK(TABLE), BEGIN(0), NOTHING(1), IRQ(1), END(0), FREE(TABLE) } },
		{ "a sync", "The sync at #6 waited for the end of the walk (#7), and only then",
		  NULL,
		  { GUP(1), UNHOOK(TABLE), BEGIN(0), END(0), SENT(2), NOTHING(1), DEPOSIT(TABLE),
		    FREE(TABLE) } },
		{ "a sync of others", "nothing is seen to have waited", "sync",
		  { GUP(1), UNHOOK(TABLE), BEGIN(0), END(0), SENT(4), NOTHING(1), DEPOSIT(TABLE),
		    FREE(TABLE) } },
		{ "a sync that is skipped", "nothing is seen to have waited", "sync",
		  { GUP(1), UNHOOK(TABLE), BEGIN(0), END(0), SYNC(0, true), NOTHING(1),
		    DEPOSIT(TABLE), FREE(TABLE) } },
		{ "a sync after the release", "Nothing: T was put to another use (#6)", "sync",
		  { GUP(1), UNHOOK(TABLE), BEGIN(0), END(0), DEPOSIT(TABLE), SENT(2), NOTHING(1),
		    FREE(TABLE) } },
		{ "a grace period", "The RCU grace period that ended at #8 waited", NULL,
		  { RCU(1), UNHOOK(TABLE), BEGIN(0), END(0), GRACE(0), NOTHING(1), GRACE(1),
		    FREE(TABLE) } },
		{ "a grace period that was over", "nothing is seen to have waited", "grace",
		  { RCU(1), UNHOOK(TABLE), BEGIN(0), END(0), GRACE(0), GRACE(1), NOTHING(1),
		    FREE(TABLE) } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		check(&cases[i]);
}

#define LOOKED READ(1, 0, OLD)

/* What a CPU has cached that looked before the flush. */
static void of_caches(void)
{
	static const struct case_of cases[] = {
		{ "interrupted", "interrupted CPU 1 (#3) before it returned", NULL,
		  { LOOKED, BEGIN(0), IRQ(1), END(0) } },
		{ "another one interrupted", "did not reach CPU 1", "interrupted",
		  { LOOKED, BEGIN(0), IRQ(2), END(0) } },
		{ "interrupted too late", "did not reach CPU 1", "interrupted",
		  { LOOKED, BEGIN(0), END(0), IRQ(1), LOOKED } },
		{ "served", "did not interrupt CPU 1: the hypervisor flushed it (#3)", NULL,
		  { LOOKED, BEGIN(0), EV(0, SERVED, VA, VA + PAGE, { { 2 } }), END(0) } },
		{ "others served", "did not reach CPU 1", "hypervisor",
		  { LOOKED, BEGIN(0), EV(0, SERVED, VA, VA + PAGE, { { 5 } }), END(0) } },
		{ "broadcast", "INVLPGB (#3) is a broadcast", NULL,
		  { LOOKED, BEGIN(0), EV(0, INVLPGB, 0), END(0) } },
		{ "left out", "left out CPU 1 (#3), which was preempted", NULL,
		  { LOOKED, BEGIN(0), EV(0, ELIDED, 1, PVTLB_ELIDED_PREEMPTED), END(0) } },
		{ "another one left out", "did not reach CPU 1", "left out",
		  { LOOKED, BEGIN(0), EV(0, ELIDED, 2, PVTLB_ELIDED_PREEMPTED), END(0) } },
		{ "lazy", "CPU 1, which was lazy (#2), and catches up before", "#5",
		  { LOOKED, LAZY(1, 1), BEGIN(0), END(0), LOAD(2, 1) } },
		{ "lazy, and back", "CPU 1, which was lazy (#2), and caught up to generation", "#5",
		  { LOOKED, LAZY(1, 1), BEGIN(0), END(0), LOAD(1, 2), LOAD(1, 1) } },
		{ "lazy no more", "what it removed was not used there", "lazy",
		  { LOOKED, LAZY(1, 1), LOAD(1, 1), BEGIN(0), END(0) } },
		{ "offline", "which was offline", NULL,
		  { LOOKED, EV(1, CPU_DOWN, 1), BEGIN(0), END(0) } },
		{ "a walk of another mm", "did not reach CPU 1", "walk",
		  { LOOKED, EV(1, WALK_BEGIN, 2, VA, PVTLB_WALK_GUP, true), BEGIN(0), END(0) } },
		{ "alone", "concerned nobody but CPU 0", NULL, { BEGIN(0), END(0) } },
		{ "no flush", "No flush was made", NULL, { LOOKED } },
		{ "no end", "does not return", NULL, { LOOKED, BEGIN(0) } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		check(&cases[i]);
}

/* Of several flushes, the one that says most; of equals, the first. */
static void which_flush(void)
{
	static const struct {
		uint64_t flush;
		struct case_of of;
	} cases[] = {
		{ 1, { .event = { BEGIN(0), END(0), BEGIN(0), END(0) } } },
		{ 4, { .event = { BEGIN(0), END(0), LOOKED, BEGIN(0), END(0) } } },
		{ 5, { .event = { LOOKED, BEGIN(0), END(0), LAZY(2, 1), BEGIN(0), END(0) } } },
		{ 6, { .event = { LOOKED, LAZY(2, 1), BEGIN(0), END(0), GUP(1), BEGIN(0) } } },
		{ 7, { .event = { LOOKED, BEGIN(0), END(0), LOOKED, UNHOOK(TABLE), BEGIN(0) } } },
		{ 2, { .event = { LOOKED, BEGIN(0), END(0), LOOKED, UNHOOK(TABLE),
				  BEGIN_AT(0, 1, 0, ~0ull) } } },
		{ 4, { .event = { EV(1, WALK_BEGIN, 2, VA, PVTLB_WALK_GUP, true), BEGIN(0), END(0),
				  BEGIN_AT(0, 2, VA, VA + PAGE) } } },
		{ 2, { .event = { GUP(1), BEGIN(0), END(0), NOTHING(1), LOOKED, BEGIN(0) } } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_event copy[EVENTS_MAX];
		struct trace_run run;
		struct shown s;
		struct focus f;

		show(&s, &run, copy, cases[i].of.event, length(&cases[i].of));
		focus_make(&f, &s);
		EXPECT(f.flush == cases[i].flush, "case %zu: #%llu", i, (unsigned long long)f.flush);
	}
}

static void digests(void)
{
	static const struct case_of runs[] = {
		{ .event = { GUP(1), UNHOOK(TABLE), BEGIN(0), NOTHING(1), IRQ(1), END(0),
			     SYNC(0, true), FREE(TABLE) } },
		{ .event = { GUP(1), UNHOOK(TABLE), BEGIN(0), END(0), SYNC(0, true), FREE(TABLE),
			     GO(1, TABLE, LARGE, 7), NOTHING(1) } },
	};
	struct digest d[2];
	char *text = NULL;
	size_t len;
	FILE *to;

	for (size_t i = 0; i < 2; i++) {
		struct pvtlb_event copy[EVENTS_MAX];
		struct trace_run run;
		struct shown s;

		show(&s, &run, copy, runs[i].event, length(&runs[i]));
		digest_make(&d[i], &s);
	}
	for (size_t i = 0; i < 2; i++) {
		to = open_memstream(&text, &len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(to);
		digest_compare(to, &d[0], &d[i]);
		fclose(to);
		CU_ASSERT_STRING_EQUAL(
			text,
			i ? "  where they differ       native                  native\n"
			    "  its flush               interrupts              does not interrupt\n"
			    "  T put to another use    after the walk          during the walk\n"
			    "  T read after that       no                      yes\n" :
			    "  They do not differ in what is told here.\n");
		free(text);
	}
}

/* Streams that make no sense are told all the same, whatever is in them. */
static void noise(void)
{
	static const uint64_t values[] = { 0, 1, 2, 3, 12, 21, 63, 64, TABLE, VA, ~0ull, 1ull << 63 };
	struct pvtlb_event event[EVENTS_MAX * 4];
	uint64_t random = 7;

	for (unsigned int round = 0; round < 2000; round++) {
		struct trace_run run = { .config = { .backend = backend_named("xen"), .cpus = 3,
						     .scenario = "noise" } };
		struct shown s = { .run = &run, .stream = { .event = event, .nr = NR_OF(event) } };
		char *text = NULL;
		size_t len;
		FILE *to = open_memstream(&text, &len);

		CU_ASSERT_PTR_NOT_NULL_FATAL(to);
		for (size_t i = 0; i < NR_OF(event); i++) {
			random = random * 6364136223846793005ull + 1442695040888963407ull;
			event[i] = (struct pvtlb_event){
				.seq = i + 1,
				.id = 1 + (random >> 33) % (PVTLB_EV_NR - 1),
				.cpu = (random >> 50) % 8 ? (random >> 20) % 3 : 65535,
			};
			for (unsigned int a = 0; a < PVTLB_EVENT_ARGS; a++)
				event[i].arg[a] = values[(random >> (8 * a + 7)) % NR_OF(values)];
		}
		story_print(to, &s);
		fclose(to);
		EXPECT(strstr(text, "  held: "), "%s", text);
		free(text);
	}
}

SUITE(unit_course, false, { "noise", noise }, { "what waits for walks", of_walks },
      { "what reaches caches", of_caches }, { "which flush is told", which_flush },
      { "where runs differ", digests });
