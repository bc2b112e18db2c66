/* SPDX-License-Identifier: GPL-2.0-only */
/* What the rules of a scenario say: whom they hold, until what, which events that takes. */
#include "hold.h"
#include "hold/rules.h"
#include "unit_util.h"

static void catches(void)
{
	static const struct pvtlb_hold any = RULE(WORKERS, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct pvtlb_hold arg = RULE(WORKERS, AT_2M, UNTIL(TRIAL));
	static const struct pvtlb_hold leader = RULE(LEADER, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct pvtlb_hold first = RULE(FIRST, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct pvtlb_hold last = RULE(LAST, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct pvtlb_hold none = RULE(NONE, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct {
		const char *what;
		const struct pvtlb_hold *rule;
		unsigned int cpu, id;
		uint64_t shift;
		unsigned int cpus;
		bool caught;
	} cases[] = {
		{ "any argument", &any, 1, PVTLB_EV_WALK_LOAD, 7, CPUS, true },
		{ "another event", &any, 1, PVTLB_EV_WALK_END, 7, CPUS, false },
		{ "its until", &any, 1, PVTLB_EV_TRIAL, 7, CPUS, false },
		{ "CPU 0 is no worker", &any, 0, PVTLB_EV_WALK_LOAD, 7, CPUS, false },
		{ "the argument", &arg, 3, PVTLB_EV_WALK_LOAD, 21, CPUS, true },
		{ "another value", &arg, 3, PVTLB_EV_WALK_LOAD, 30, CPUS, false },
		{ "another value, high bit", &arg, 3, PVTLB_EV_WALK_LOAD, 21 | 1ull << 63, CPUS,
		  false },
		{ "leader", &leader, 0, PVTLB_EV_WALK_LOAD, 0, CPUS, true },
		{ "not leader", &leader, 1, PVTLB_EV_WALK_LOAD, 0, CPUS, false },
		{ "first", &first, 1, PVTLB_EV_WALK_LOAD, 0, CPUS, true },
		{ "not first", &first, 2, PVTLB_EV_WALK_LOAD, 0, CPUS, false },
		{ "last", &last, 3, PVTLB_EV_WALK_LOAD, 0, CPUS, true },
		{ "not last", &last, 2, PVTLB_EV_WALK_LOAD, 0, CPUS, false },
		{ "last of two is the first", &last, 1, PVTLB_EV_WALK_LOAD, 0, 2, true },
		{ "the only one leads", &last, 0, PVTLB_EV_WALK_LOAD, 0, 1, false },
		{ "no rule", &none, 1, PVTLB_EV_WALK_LOAD, 0, CPUS, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_event e = PVTLB_EVENT(cases[i].cpu, WALK_LOAD, 1, 1, cases[i].shift);

		e.id = cases[i].id;
		EXPECT(hold_catches(cases[i].rule, &e, cases[i].cpus) == cases[i].caught, "%s",
		       cases[i].what);
	}
}

static void ends(void)
{
	static const struct pvtlb_hold any = RULE(LAST, AT(WALK_LOAD), UNTIL(FLUSH_END));
	static const struct pvtlb_hold step = RULE(LAST, AT(WALK_LOAD), UNTIL_1);
	static const struct {
		const char *what;
		const struct pvtlb_hold *rule;
		struct pvtlb_event event;
		bool ended;
	} cases[] = {
		{ "any argument", &any, PVTLB_EVENT(0, FLUSH_END, 0), true },
		{ "its at", &any, PVTLB_EVENT(0, WALK_LOAD, 0), false },
		{ "the argument", &step, PVTLB_EVENT(0, TRIAL, 7, 1), true },
		{ "another value", &step, PVTLB_EVENT(0, TRIAL, 1, 0), false },
		{ "a wait for it", &step, PVTLB_EVENT(0, WAIT, 3), true },
		{ "a wait for it is over", &step, PVTLB_EVENT(0, WAIT, 3, .over = true), false },
		{ "a wait for another one", &step, PVTLB_EVENT(0, WAIT, 2), false },
		{ "3 of something else", &step, PVTLB_EVENT(0, IPI_SEND, 3), false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(hold_ends(cases[i].rule, 3, &cases[i].event) == cases[i].ended, "%s",
		       cases[i].what);
}

static void stops(void)
{
	static const struct pvtlb_hold none[PVTLB_HOLDS] = { RULE(NONE, AT(BOOT), UNTIL(KEY)) };
	static const struct pvtlb_hold second[PVTLB_HOLDS] = {
		RULE(NONE, AT(BOOT), UNTIL(KEY)), RULE(LAST, AT(WALK_LOAD), UNTIL(TRIAL))
	};
	static const struct pvtlb_hold both[PVTLB_HOLDS] = {
		RULE(FIRST, AT(SYNC), UNTIL(GRACE)), RULE(LAST, AT(RESUMED), UNTIL(TRIAL))
	};
	/* Among the last events there are: a set may have more than 64. */
	static const struct pvtlb_hold far[PVTLB_HOLDS] = { RULE(FIRST, AT(PAGE_FREE), UNTIL(CR3)) };
	static const struct {
		const struct pvtlb_hold *rules;
		unsigned int event[6]; /* 0 behind the last one */
	} cases[] = {
		{ NULL, { 0 } },
		{ none, { 0 } },
		{ second, { PVTLB_EV_WALK_LOAD, PVTLB_EV_TRIAL, PVTLB_EV_WAIT } },
		{ both, { PVTLB_EV_SYNC, PVTLB_EV_GRACE, PVTLB_EV_RESUMED, PVTLB_EV_TRIAL,
			  PVTLB_EV_WAIT } },
		{ far, { PVTLB_EV_PAGE_FREE, PVTLB_EV_CR3, PVTLB_EV_WAIT } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_event_set stops;
		unsigned int nr = 0, got = 0;

		EXPECT(hold_stops(cases[i].rules, &stops) == !!cases[i].event[0], "case %zu", i);
		for (; cases[i].event[nr]; nr++)
			EXPECT(pvtlb_event_set_has(&stops, cases[i].event[nr]), "case %zu: %u", i,
			       cases[i].event[nr]);
		for (unsigned int id = 0; id < PVTLB_EV_NR; id++)
			got += pvtlb_event_set_has(&stops, id);
		EXPECT(got == nr, "case %zu: %u events", i, got);
	}
}

SUITE(unit_hold_rules, false, { "who is held", catches }, { "which event lets a CPU go", ends },
      { "which events are reported", stops });
