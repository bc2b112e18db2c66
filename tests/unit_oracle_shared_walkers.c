/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: walkers of a table that several mm's share. */
#include "walk_stream.h"

/* CPU 1 walks mm 1, CPU 2 walks mm 2, mm 3 keeps the table. */

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

SUITE(unit_oracle_shared_walkers, false, { "walkers of a shared table", walkers_of_sharers });
