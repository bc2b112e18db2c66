/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle as a whole: trials, what is claimed, what is kept. */
#include "stream.h"

#define STALE SET(OLD | RW, NEW | RW), BEGIN(0), END(0)

STREAM(good_nothing) = { EV(0, CPU_UP, 0) };
STREAM(good_three_trials) = { TRIAL(0, 0), TRIAL(1, 0), TRIAL(2, 0) };
STREAM(good_steps_of_a_trial) = { TRIAL(0, 0), TRIAL(0, 1), TRIAL(0, 2) };
STREAM(bad_before_any_trial) = { STALE, READ(1, 4, OLD) };
STREAM(bad_one_of_three) = {
	TRIAL(0, 0), TRIAL(1, 0), STALE, READ(1, 6, OLD), READ(2, 6, OLD), TRIAL(2, 0),
};
STREAM(bad_two_of_three) = {
	TRIAL(0, 0), BEGIN(0),	  MULTI(0, 2), END(0),
	TRIAL(1, 0), TRIAL(2, 0), STALE,       READ(1, 10, OLD),
};
STREAM(bad_both_kinds_in_one) = {
	TRIAL(0, 0), BEGIN(0), MULTI(0, 2), END(0), STALE, READ(1, 8, OLD), TRIAL(1, 0),
};
STREAM(bad_in_two_steps_of_one) = {
	TRIAL(0, 0), STALE, READ(1, 5, OLD), TRIAL(0, 1), READ(1, 5, OLD), TRIAL(1, 0),
};

static void trials(void)
{
	static const struct expect cases[] = {
		CASE(good_nothing, .trials = 1),
		CASE(good_three_trials, .trials = 3),
		CASE(good_steps_of_a_trial, .trials = 1),
		CASE(bad_before_any_trial, .flushes = 1, .checks = 1, .safe_bad = 1, .trials = 1,
		     .violated = 1),
		CASE(bad_one_of_three, .flushes = 1, .checks = 2, .safe_bad = 2, .trials = 3,
		     .violated = 1),
		CASE(bad_two_of_three, .flushes = 2, .targets = 1, .delivered_bad = 1, .checks = 1,
		     .safe_bad = 1, .trials = 3, .violated = 2),
		CASE(bad_both_kinds_in_one, .flushes = 2, .targets = 1, .delivered_bad = 1,
		     .checks = 1, .safe_bad = 1, .trials = 2, .violated = 1),
		CASE(bad_in_two_steps_of_one, .flushes = 1, .checks = 2, .safe_bad = 2, .trials = 2,
		     .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* Numbers no honest guest gives its trials neither crash nor count. */
static void trials_hostile(void)
{
	static const uint64_t numbers[] = { ORACLE_MAX_TRIALS, UINT32_MAX, 1ull << 32, UINT64_MAX };

	for (size_t i = 0; i < NR_OF(numbers); i++) {
		const struct pvtlb_event stream[] = {
			TRIAL(0, 0), TRIAL(1, 0), TRIAL(numbers[i], 0), STALE, READ(1, 7, OLD),
		};

		judge_stream(stream, NR_OF(stream), INTERRUPTS_ALL);
		EXPECT(found.trials == 2, "%#llx: %u trials", (unsigned long long)numbers[i],
		       found.trials);
		CU_ASSERT_EQUAL(found.violated, 1);
		CU_ASSERT_EQUAL(found.safe.bad.total, 1);
	}
}

static void no_events(void)
{
	static const struct event_stream none;

	oracle(&none, &(struct oracle_terms){ .claims = PVTLB_CLAIMS, .promise = INTERRUPTS_ALL }, &found);
	CU_ASSERT_EQUAL(found.trials, 1);
	CU_ASSERT_EQUAL(found.violated, 0);
	CU_ASSERT_EQUAL(found.delivered.flushes, 0);
	CU_ASSERT_EQUAL(found.safe.checks, 0);
}

/* Columns that are not claimed stay empty, and do not make a trial a violated one. */
static void claimed_only(void)
{
	struct pvtlb_event event[] = { BEGIN(0), MULTI(0, 2), END(0) };
	struct event_stream stream = { .event = event, .nr = NR_OF(event) };

	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIM_SAFE, .promise = INTERRUPTS_ALL }, &found);
	CU_ASSERT_EQUAL(found.delivered.targets, 0);
	CU_ASSERT_EQUAL(found.violated, 0);
	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIM_DELIVERED, .promise = INTERRUPTS_ALL }, &found);
	CU_ASSERT_EQUAL(found.delivered.bad.total, 1);
	CU_ASSERT_EQUAL(found.violated, 1);
}

/* The first ones are kept, all are counted. */
static void add_cap(void)
{
	struct violations all = { 0 };

	for (unsigned int i = 0; i < 40; i++) {
		violations_add(&all, &(struct violation){ .cpu = i });
		EXPECT(all.total == i + 1, "total after %u", i + 1);
		EXPECT(all.kept == (i < 16 ? i + 1 : 16), "kept after %u", i + 1);
	}
	for (unsigned int i = 0; i < VIOLATIONS_KEPT; i++)
		EXPECT(all.v[i].cpu == i, "number %u", i);
	CU_ASSERT_EQUAL(VIOLATIONS_KEPT, 16);
}

static void count_hit(void *ctx, const struct violation *v)
{
	unsigned int *hits = ctx;

	hits[v->kind]++;
}

/* Each column by itself, with and without somebody who listens. */
static void columns(void)
{
	struct pvtlb_event event[] = {
		BEGIN(0), MULTI(0, 6), IRQ(2), END(0), STALE, READ(1, 9, OLD)
	};
	const struct event_stream stream = { .event = event, .nr = NR_OF(event) };
	unsigned int hits[VIOLATION_KINDS] = { 0 };
	struct delivered d;
	struct safe s;

	for (size_t i = 0; i < NR_OF(event); i++)
		event[i].seq = i + 1;
	oracle_delivered(&stream, INTERRUPTS_ALL, &d, count_hit, hits);
	oracle_safe(&stream, false, &s, count_hit, hits);
	CU_ASSERT_EQUAL(hits[VIOLATION_NOT_INTERRUPTED], 1);
	CU_ASSERT_EQUAL(hits[VIOLATION_INTERRUPTED], 0);
	CU_ASSERT_EQUAL(hits[VIOLATION_STALE], 1);
	oracle_delivered(&stream, INTERRUPTS_NONE, &d, NULL, NULL);
	oracle_safe(&stream, false, &s, NULL, NULL);
	CU_ASSERT_EQUAL(d.bad.total, 1);
	CU_ASSERT_EQUAL(d.bad.v[0].kind, VIOLATION_INTERRUPTED);
	CU_ASSERT_EQUAL(s.bad.total, 1);
}

SUITE(unit_oracle, false, { "trials", trials },
      { "trials numbered by a hostile guest", trials_hostile }, { "no events", no_events },
      { "only what is claimed", claimed_only }, { "violations_add keeps the first 16", add_cap },
      { "the columns by themselves", columns });
