/* SPDX-License-Identifier: GPL-2.0-only */
/* What the rules of a scenario say: whom they hold, until what, which events that takes. */
#include "hold.h"
#include "hold/rules.h"
#include "unit_util.h"

static void catches(void)
{
	static const struct pvtlb_hold any = RULE(WORKERS, WALK_LOAD, ANY, 21, TRIAL, ANY, 0);
	static const struct pvtlb_hold arg = RULE(WORKERS, WALK_LOAD, 2, 21, TRIAL, ANY, 0);
	static const struct pvtlb_hold leader = RULE(LEADER, WALK_LOAD, ANY, 0, TRIAL, ANY, 0);
	static const struct pvtlb_hold first = RULE(FIRST, WALK_LOAD, ANY, 0, TRIAL, ANY, 0);
	static const struct pvtlb_hold last = RULE(LAST, WALK_LOAD, ANY, 0, TRIAL, ANY, 0);
	static const struct pvtlb_hold none = RULE(NONE, WALK_LOAD, ANY, 0, TRIAL, ANY, 0);
	static const struct {
		const char *what;
		const struct pvtlb_hold *rule;
		unsigned int cpu, id;
		uint64_t arg2;
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
		const struct pvtlb_event e = { .seq = 9,
					       .id = cases[i].id,
					       .cpu = cases[i].cpu,
					       .arg = { 1, 1, cases[i].arg2 } };

		EXPECT(hold_catches(cases[i].rule, &e, cases[i].cpus) == cases[i].caught, "%s",
		       cases[i].what);
	}
}

static void ends(void)
{
	static const struct pvtlb_hold any = RULE(LAST, WALK_LOAD, ANY, 0, FLUSH_END, ANY, 5);
	static const struct pvtlb_hold step = RULE(LAST, WALK_LOAD, ANY, 0, TRIAL, 1, 1);
	static const struct {
		const char *what;
		const struct pvtlb_hold *rule;
		unsigned int id;
		uint64_t arg[3];
		bool ended;
	} cases[] = {
		{ "any argument", &any, PVTLB_EV_FLUSH_END, { 0, 0 }, true },
		{ "its at", &any, PVTLB_EV_WALK_LOAD, { 0, 0 }, false },
		{ "the argument", &step, PVTLB_EV_TRIAL, { 7, 1 }, true },
		{ "another value", &step, PVTLB_EV_TRIAL, { 1, 0 }, false },
		{ "a wait for it", &step, PVTLB_EV_WAIT, { 3, 0 }, true },
		{ "a wait for it is over", &step, PVTLB_EV_WAIT, { 3, 0, 1 }, false },
		{ "a wait for another one", &step, PVTLB_EV_WAIT, { 2, 0 }, false },
		{ "3 of something else", &step, PVTLB_EV_IPI_SEND, { 3, 0 }, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct pvtlb_event e = { .seq = 9,
					       .id = cases[i].id,
					       .arg = { cases[i].arg[0], cases[i].arg[1],
							cases[i].arg[2] } };

		EXPECT(hold_ends(cases[i].rule, 3, &e) == cases[i].ended, "%s", cases[i].what);
	}
}

static void stops(void)
{
	static const struct pvtlb_hold none[PVTLB_HOLDS] = { RULE(NONE, BOOT, 0, 0, KEY, 0, 0) };
	static const struct pvtlb_hold second[PVTLB_HOLDS] = {
		RULE(NONE, BOOT, 0, 0, KEY, 0, 0), RULE(LAST, WALK_LOAD, ANY, 0, TRIAL, ANY, 0)
	};
	static const struct pvtlb_hold both[PVTLB_HOLDS] = {
		RULE(FIRST, SYNC, ANY, 0, GRACE, ANY, 0), RULE(LAST, UNPARK, ANY, 0, TRIAL, ANY, 0)
	};
#define BIT(id) (1ull << PVTLB_EV_##id)

	CU_ASSERT_EQUAL(hold_stops(NULL), 0);
	CU_ASSERT_EQUAL(hold_stops(none), 0);
	CU_ASSERT_EQUAL(hold_stops(second), BIT(WALK_LOAD) | BIT(TRIAL) | BIT(WAIT));
	CU_ASSERT_EQUAL(hold_stops(both),
			BIT(SYNC) | BIT(GRACE) | BIT(UNPARK) | BIT(TRIAL) | BIT(WAIT));
}

SUITE(unit_hold_rules, false, { "who is held", catches }, { "which event lets a CPU go", ends },
      { "which events are reported", stops });
