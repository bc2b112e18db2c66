/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: who was walking when the table was unhooked, is he waited for? */
#include "walk_stream.h"

#define WALKER .flushes = 1, .walkers = 1

STREAM(bad_walker) = { TABLES, GUP(1), GONE, SYNC(0, true), FREE(TABLE) };
STREAM(bad_walker_deposit) = { TABLES, GUP(1), GONE, DEPOSIT(TABLE) };
STREAM(bad_walker_own) = { TABLES, GUP(1), GONE, OWN(TABLE, 2) };
STREAM(good_walker_interrupted) = {
	TABLES, GUP(1), GONE, SYNC(0, false), NOTHING(1), IRQ(1), FREE(TABLE),
};
/* The handler has acknowledged, and has not returned yet. */
STREAM(good_walker_in_handler) = {
	TABLES,
	GUP(1),
	GONE,
	NOTHING(1),
	EV(1, IRQ_ENTRY, 0xfb),
	FREE(TABLE),
	EV(1, IRQ_EXIT, 0xfb),
};
STREAM(good_walk_ended) = { TABLES, GUP(1), GONE, NOTHING(1), FREE(TABLE) };
STREAM(good_walks_again) = { TABLES, GUP(1), GONE, NOTHING(1), GUP(1), FREE(TABLE) };
STREAM(bad_interrupted_too_early) = { TABLES, IRQ(1), GUP(1), GONE, FREE(TABLE) };
STREAM(bad_pending_only) = { TABLES, GUP(1), GONE, EV(1, IRQ_PEND, 0xfb), FREE(TABLE), NOTHING(1) };
STREAM(good_walk_begun_since) = { TABLES, UNHOOK(TABLE), GUP(1), FLUSHED, FREE(TABLE) };
STREAM(good_walk_of_other_mm) = {
	TABLES,
	EV(1, WALK_BEGIN, 2, VA, PVTLB_WALK_GUP, true),
	GONE,
	FREE(TABLE),
};
STREAM(good_rcu_walker) = { TABLES, RCU(1), GONE, FREE(TABLE) };
STREAM(bad_two_walkers) = { TABLES, GUP(1), GUP(200), GUP(3), GONE, NOTHING(3), FREE(TABLE) };
STREAM(good_counted_once) = {
	TABLES, GUP(1), GONE, NOTHING(1), DEPOSIT(TABLE), GUP(1), FREE(TABLE),
};
/* Unhooked again when nobody walked. */
STREAM(good_unhooked_again) = {
	TABLES, GUP(1), GONE, NOTHING(1), HOOK(TABLE), GONE, GUP(1), FREE(TABLE),
};

static void walkers(void)
{
	static const struct expect cases[] = {
		CASE(bad_walker, ALL, WALKER, UNDELIVERED),
		CASE(bad_walker_deposit, ALL, WALKER, UNDELIVERED),
		CASE(bad_walker_own, ALL, WALKER, UNDELIVERED),
		CASE(good_walker_interrupted, ALL, WALKER, .walkers_interrupted = 1),
		CASE(good_walker_in_handler, ALL, WALKER, .walkers_interrupted = 1),
		CASE(good_walk_ended, ALL, WALKER),
		CASE(good_walks_again, ALL, WALKER),
		CASE(bad_interrupted_too_early, ALL, WALKER, UNDELIVERED),
		CASE(bad_pending_only, ALL, WALKER, UNDELIVERED),
		CASE(good_walk_begun_since, ALL, .flushes = 1),
		CASE(good_walk_of_other_mm, ALL, .flushes = 1),
		CASE(good_rcu_walker, ALL, .flushes = 1),
		CASE(bad_two_walkers, ALL, .flushes = 1, .walkers = 3, .delivered_bad = 2,
		     .violated = 1),
		CASE(good_counted_once, ALL, WALKER),
		CASE(good_unhooked_again, ALL, .flushes = 2),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_WALKER_NOT_INTERRUPTED);
}

/* The table is shared: CPU 1 walks mm 1, CPU 2 walks mm 2, mm 3 keeps the table. */

#define GUP_2	    EV(2, WALK_BEGIN, 2, VA, PVTLB_WALK_GUP, true)
#define SHARED	    TABLES, GUP(1), GUP_2
#define FLUSH_OF(m) BEGIN_AT(0, m, 0, FULL), END(0)
#define GONE_1	    UNHOOK_OF(0, TABLE, 1, VA), FLUSH_OF(1)
#define GONE_2	    UNHOOK_OF(0, TABLE, 2, VA), FLUSH_OF(2)
#define HOOK_1	    EV(0, TABLE_HOOK, 1, VA, TABLE, 1, LARGE)

/* The last mm to let go has no walkers, or has all of its own waited for. */
STREAM(bad_first_sharers_walker) = { TABLES, GUP(1), GONE_1, GONE_2, OWN(TABLE, 3) };
STREAM(bad_last_sharers_asked) = {
	SHARED, GONE_1, GONE_2, NOTHING(2), IRQ(2), OWN(TABLE, 3),
};
STREAM(bad_first_sharers_asked) = {
	SHARED, GONE_1, NOTHING(1), IRQ(1), GONE_2, OWN(TABLE, 3),
};
STREAM(bad_both_sharers) = { SHARED, GONE_1, GONE_2, FREE(TABLE) };
STREAM(good_both_asked) = {
	SHARED, GONE_1, GONE_2, NOTHING(1), IRQ(1), NOTHING(2), IRQ(2), OWN(TABLE, 3),
};
/* Each from when its own mm let go: CPU 2 may be in the table until then. */
STREAM(good_interrupted_between) = {
	TABLES, GUP(1), GONE_1, NOTHING(1), IRQ(1), GUP_2, NOTHING(2), GONE_2, OWN(TABLE, 3),
};
STREAM(bad_interrupted_before_its_own) = {
	SHARED, GONE_1, NOTHING(1), NOTHING(2), IRQ(1), IRQ(2), GUP_2, GONE_2, OWN(TABLE, 3),
};
/* It has the table again, and so may the walker. */
STREAM(good_shared_again) = { TABLES, GUP(1), GONE_1, HOOK_1, GONE_2, OWN(TABLE, 1) };
STREAM(bad_shared_again_and_gone) = {
	TABLES, GUP(1), GONE_1, HOOK_1, GONE_1, GONE_2, OWN(TABLE, 3),
};
STREAM(good_last_user_walks) = { TABLES, GUP(1), GONE_2, OWN(TABLE, 1) };
/* What was counted at a release is not counted at the next. */
STREAM(bad_once_for_each) = {
	SHARED, GONE_1, GONE_2, OWN(TABLE, 3), UNHOOK_OF(0, TABLE, 3, VA), FLUSH_OF(3), FREE(TABLE),
};

static void walkers_of_sharers(void)
{
#define TWO .flushes = 2, .walkers = 2
	static const struct expect cases[] = {
		CASE(bad_first_sharers_walker, ALL, .flushes = 2, .walkers = 1, UNDELIVERED),
		CASE(bad_last_sharers_asked, ALL, TWO, .walkers_interrupted = 1, UNDELIVERED),
		CASE(bad_first_sharers_asked, ALL, TWO, .walkers_interrupted = 1, UNDELIVERED),
		CASE(bad_both_sharers, ALL, TWO, .delivered_bad = 2, .violated = 1),
		CASE(good_both_asked, ALL, TWO, .walkers_interrupted = 2),
		CASE(good_interrupted_between, ALL, .flushes = 2, .walkers = 1,
		     .walkers_interrupted = 1),
		CASE(bad_interrupted_before_its_own, ALL, TWO, .walkers_interrupted = 1,
		     UNDELIVERED),
		CASE(good_shared_again, ALL, .flushes = 2),
		CASE(bad_shared_again_and_gone, ALL, .flushes = 3, .walkers = 1, UNDELIVERED),
		CASE(good_last_user_walks, ALL, .flushes = 1),
		CASE(bad_once_for_each, ALL, .flushes = 3, .walkers = 2, .delivered_bad = 2,
		     .violated = 1),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_WALKER_NOT_INTERRUPTED);
}

SUITE(unit_oracle_walkers, false, { "walkers", walkers },
      { "walkers of a shared table", walkers_of_sharers });
