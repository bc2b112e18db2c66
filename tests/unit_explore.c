/* SPDX-License-Identifier: GPL-2.0-only */
/* The search over orders of steps, on programs whose outcomes can be counted. */
#include <stdlib.h>
#include <string.h>

#include "explore/dpor.h"
#include "toy_engine.h"
#include "unit_util.h"

#define W(n) .word = (n)
#define V(n) .value = (n)
#define END                                                                                        \
	{                                                                                          \
		TOY_END                                                                            \
	}

/* Two increments that are not atomic, and CPU 0 waits for the other one. */
static const struct toy_insn lost_update[][TOY_LEN] = {
	{ { TOY_LOAD, W(0) },
	  { TOY_STORE, W(0), V(1) },
	  { TOY_STORE, W(2), V(1) },
	  { TOY_AWAIT, W(1), V(1) },
	  { TOY_LOAD, W(0) },
	  END },
	{ { TOY_LOAD, W(0) },
	  { TOY_STORE, W(0), V(2) },
	  { TOY_STORE, W(3), V(1) },
	  { TOY_LOAD, W(2) },
	  { TOY_STORE, W(1), V(1) },
	  END },
};

/* Nothing is shared but the end. */
static const struct toy_insn apart[][TOY_LEN] = {
	{ { TOY_STORE, W(0), V(1) },
	  { TOY_STORE, W(1), V(1) },
	  { TOY_STORE, W(2), V(1) },
	  { TOY_AWAIT, W(6), V(1) },
	  END },
	{ { TOY_STORE, W(3), V(1) },
	  { TOY_STORE, W(4), V(1) },
	  { TOY_STORE, W(5), V(1) },
	  { TOY_STORE, W(6), V(1) },
	  END },
};

/* Three that count, and one looks in between. */
static const struct toy_insn three[][TOY_LEN] = {
	{ { TOY_ADD, W(0), V(1) }, { TOY_LOAD, W(1) }, { TOY_AWAIT, W(5), V(2) }, END },
	{ { TOY_ADD, W(0), V(1) }, { TOY_STORE, W(1), V(1) }, { TOY_ADD, W(5), V(1) }, END },
	{ { TOY_ADD, W(0), V(1) }, { TOY_LOAD, W(1) }, { TOY_ADD, W(5), V(1) }, END },
};

/* An interrupt, which its CPU takes sooner or later. */
static const struct toy_insn interrupted[][TOY_LEN] = {
	{ { TOY_STORE, W(0), V(1) },
	  { TOY_SEND, V(1) },
	  { TOY_LOAD, W(1) },
	  { TOY_AWAIT, W(2), V(1) },
	  { TOY_LOAD, W(7) },
	  END },
	{ { TOY_STORE, W(1), V(1) },
	  { TOY_LOAD, W(7) },
	  { TOY_LOAD, W(0) },
	  { TOY_LOAD, W(7) },
	  { TOY_STORE, W(2), V(1) },
	  END },
};

/* CPU 0 looks whether the other one is parked, twice. */
static const struct toy_insn looks[][TOY_LEN] = {
	{ { TOY_IS_PARKED, V(1) },
	  { TOY_STORE, W(0), V(1) },
	  { TOY_IS_PARKED, V(1) },
	  { TOY_AWAIT, W(1), V(1) },
	  END },
	{ { TOY_LOAD, W(0) }, { TOY_LOAD, W(3) }, { TOY_STORE, W(1), V(1) }, END },
};

/* Each waits for what the other would do then, if it came to that too early. */
static const struct toy_insn embrace[][TOY_LEN] = {
	{ { TOY_ADD, W(0), V(1) }, { TOY_AWAIT, W(1), V(0) }, { TOY_STORE, W(0), V(0) }, END },
	{ { TOY_ADD, W(1), V(1) }, { TOY_AWAIT, W(0), V(0) }, { TOY_STORE, W(1), V(0) }, END },
};

static const struct toy_insn panics[][TOY_LEN] = {
	{ { TOY_STORE, W(0), V(1) }, { TOY_STORE, W(0), V(2) }, { TOY_AWAIT, W(1), V(1) }, END },
	{ { TOY_LOAD, W(0) }, { TOY_PANIC_IF, V(1) }, { TOY_STORE, W(1), V(1) }, END },
};

#define OUTCOMES_MAX 4096
struct seen {
	struct toy *toy;
	uint64_t outcome[OUTCOMES_MAX];
	unsigned int nr, attempts, endings[ENDING_ENDLESS + 1], unlike;
	char why[512];
	struct attempt *again; /* run each schedule again, in here; NULL: not */
};

static uint64_t outcome(const struct toy *toy, const struct attempt *attempt)
{
	return toy_outcome(toy) * 8 + attempt->ending;
}

static int see(void *ctx, const struct schedule *schedule, const struct attempt *attempt)
{
	struct seen *s = ctx;
	const uint64_t what = outcome(s->toy, attempt);
	struct error err = { 0 };
	unsigned int i;

	s->attempts++;
	s->endings[attempt->ending]++;
	if (attempt->why[0])
		snprintf(s->why, sizeof(s->why), "%s", attempt->why);
	for (i = 0; i < s->nr && s->outcome[i] != what; i++)
		;
	if (i == s->nr && s->nr < OUTCOMES_MAX)
		s->outcome[s->nr++] = what;
	if (!s->again)
		return 0;
	if (schedule_run(&s->toy->engine, schedule, false, s->again, &err) ||
	    outcome(s->toy, s->again) != what)
		s->unlike++;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static struct seen *seen_new(struct toy *toy, const struct toy_insn (*program)[TOY_LEN],
			     unsigned int cpus, bool can_park)
{
	struct seen *s = calloc(1, sizeof(*s));

	toy_init(toy, program, cpus);
	toy->engine.can_park = can_park;
	s->toy = toy;
	return s;
}

static struct seen *by_dpor(struct toy *toy, const struct toy_insn (*program)[TOY_LEN],
			    unsigned int cpus, bool can_park, bool plain)
{
	struct seen *s = seen_new(toy, program, cpus, can_park);
	struct dpor d = {
		.engine = &toy->engine, .told = see, .ctx = s, .plain = plain, .parks = 1
	};
	struct error err = { 0 };

	s->again = calloc(1, sizeof(*s->again));
	EXPECT(!dpor_search(&d, &err), "%s", err.text);
	free(s->again);
	qsort(s->outcome, s->nr, sizeof(*s->outcome), by_number);
	return s;
}

static struct seen *by_bound(struct toy *toy, const struct toy_insn (*program)[TOY_LEN],
			     unsigned int cpus, bool can_park, unsigned int bound,
			     unsigned int shards)
{
	struct seen *s = seen_new(toy, program, cpus, can_park);
	struct error err = { 0 };

	for (unsigned int n = 0; n <= bound; n++) {
		for (unsigned int shard = 0; shard < shards; shard++) {
			struct bounded b = { .engine = &toy->engine,
					     .told = see,
					     .ctx = s,
					     .shard = shard,
					     .shards = shards };

			EXPECT(!bounded_search(&b, n, &err), "%s", err.text);
		}
	}
	qsort(s->outcome, s->nr, sizeof(*s->outcome), by_number);
	return s;
}

static bool same_outcomes(const struct seen *a, const struct seen *b)
{
	return a->nr == b->nr && !memcmp(a->outcome, b->outcome, a->nr * sizeof(*a->outcome));
}

static const struct {
	const char *name;
	const struct toy_insn (*program)[TOY_LEN];
	unsigned int cpus, bound; /* with so many switches all outcomes are seen */
	bool can_park, deadlock, panic;
} programs[] = {
	{ "lost update", lost_update, 2, 6, false, false, false },
	{ "apart", apart, 2, 2, false, false, false },
	{ "three", three, 3, 4, false, false, false },
	{ "interrupted", interrupted, 2, 6, false, false, false },
	{ "looks", looks, 2, 4, true, false, false },
	{ "embrace", embrace, 2, 4, false, true, false },
	{ "panics", panics, 2, 3, false, false, true },
};

/* The reduction leaves no outcome out, and every execution's switches lead to the same again. */
static void reduction(void)
{
	for (size_t i = 0; i < NR_OF(programs); i++) {
		struct toy toy;
		struct seen *plain = by_dpor(&toy, programs[i].program, programs[i].cpus,
					     programs[i].can_park, true);
		struct seen *some = by_dpor(&toy, programs[i].program, programs[i].cpus,
					    programs[i].can_park, false);

		EXPECT(same_outcomes(plain, some), "%s: %u outcomes of %u orders, %u of %u",
		       programs[i].name, plain->nr, plain->attempts, some->nr, some->attempts);
		EXPECT(some->attempts < plain->attempts, "%s: %u of %u orders", programs[i].name,
		       some->attempts, plain->attempts);
		EXPECT(!plain->unlike && !some->unlike, "%s: %u and %u came out otherwise",
		       programs[i].name, plain->unlike, some->unlike);
		EXPECT(!some->endings[ENDING_DEADLOCK] == !programs[i].deadlock, "%s: %u deadlocks",
		       programs[i].name, some->endings[ENDING_DEADLOCK]);
		EXPECT(!some->endings[ENDING_FAILED] == !programs[i].panic, "%s: %u panics",
		       programs[i].name, some->endings[ENDING_FAILED]);
		free(plain);
		free(some);
	}
}

/* With enough switches, the bounded search sees all that there is; with none, one order. */
static void bounds(void)
{
	for (size_t i = 0; i < NR_OF(programs); i++) {
		struct toy toy;
		struct seen *plain = by_dpor(&toy, programs[i].program, programs[i].cpus,
					     programs[i].can_park, true);
		struct seen *all = by_bound(&toy, programs[i].program, programs[i].cpus,
					    programs[i].can_park, programs[i].bound, 1);
		struct seen *none = by_bound(&toy, programs[i].program, programs[i].cpus,
					     programs[i].can_park, 0, 1);

		EXPECT(same_outcomes(plain, all),
		       "%s: %u outcomes of all orders, %u of %u switches", programs[i].name,
		       plain->nr, all->nr, programs[i].bound);
		EXPECT(none->attempts == 1, "%s: %u without a switch", programs[i].name,
		       none->attempts);
		free(plain);
		free(all);
		free(none);
	}
}

/* Parts of a search are the whole of it. */
static void shards(void)
{
	for (size_t i = 0; i < NR_OF(programs); i++) {
		struct toy toy;
		struct seen *one = by_bound(&toy, programs[i].program, programs[i].cpus,
					    programs[i].can_park, 2, 1);
		struct seen *parts = by_bound(&toy, programs[i].program, programs[i].cpus,
					      programs[i].can_park, 2, 3);

		EXPECT(same_outcomes(one, parts) && one->attempts == parts->attempts,
		       "%s: %u and %u schedules", programs[i].name, one->attempts, parts->attempts);
		free(one);
		free(parts);
	}
}

static void deadlock(void)
{
	struct toy toy;
	struct seen *s = by_bound(&toy, embrace, 2, false, 1, 1);

	EXPECT(!strcmp(s->why, "CPU 0 waits for the word at 0x1008, of CPU 1; "
			       "CPU 1 waits for the word at 0x1000, of CPU 0"),
	       "%s", s->why);
	EXPECT(s->endings[ENDING_DEADLOCK] && s->endings[ENDING_WHOLE], "%u and %u",
	       s->endings[ENDING_DEADLOCK], s->endings[ENDING_WHOLE]);
	free(s);
}

/* A switch to a CPU that cannot run, or at a place that is not reached, is none. */
static void no_such_schedule(void)
{
	static const struct sched_switch wrong[] = {
		{ .cpu = 1, .to = 0, .at = 60 },
		{ .cpu = 0, .to = 0, .at = 90 },
	};
	struct attempt *attempt = calloc(1, sizeof(*attempt));
	struct schedule schedule = { .nr = 1 };
	struct error err = { 0 };
	struct toy toy;

	toy_init(&toy, lost_update, 2);
	for (size_t i = 0; i < NR_OF(wrong); i++) {
		schedule.sw[0] = wrong[i];
		EXPECT(!schedule_run(&toy.engine, &schedule, false, attempt, &err) &&
			       attempt->ending == ENDING_NOT_SO,
		       "%zu: ending %d", i, attempt->ending);
	}
	free(attempt);
}

SUITE(unit_explore, false, { "the reduction loses no outcome", reduction },
      { "bounded search", bounds }, { "in parts", shards }, { "a deadlock", deadlock },
      { "no such schedule", no_such_schedule });
