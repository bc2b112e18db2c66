/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: walks through tables that were freed, deposited, unshared. */
#include "walk_stream.h"

#define TOP	 (UPPER + PAGE)
#define LOADS(n) SAFE, .walk_loads = (n)

/* CPU 1 walks, #3, and has the pointer from #4; CPU 0 unhooks, #5, and flushes, to #8. */

STREAM(bad_freed) = { POINTER, GONE, FREE(TABLE), GO(1, TABLE, 21, 9) };
/* The load had begun when it was freed: nobody knows. */
STREAM(good_freed_meanwhile) = { POINTER, GONE, FREE(TABLE), GO(1, TABLE, 21, 8) };
STREAM(good_used_before) = { POINTER, GONE, GO(1, TABLE, 21, 8), FREE(TABLE) };
STREAM(good_unhooked_only) = { POINTER, GONE, GO(1, TABLE, 21, 8) };
/* Freed between the load of the pointer and the event that tells of it: nobody knows ... */
STREAM(good_freed_before_pointer) = {
	TABLES, GUP(1), GONE, FREE(TABLE), ALLOC(TABLE), GO(1, UPPER, 30, 3), GO(1, TABLE, 21, 10),
};
/* ... unless it is free still. */
STREAM(bad_free_still) = {
	TABLES, GUP(1), GONE, FREE(TABLE), GO(1, UPPER, 30, 3), GO(1, TABLE, 21, 9),
};
/* Freed and made a table again: the pointer is to what it was. */
STREAM(bad_freed_and_again) = {
	POINTER, GONE, FREE(TABLE), ALLOC(TABLE), HOOK(TABLE), GO(1, TABLE, 21, 11),
};
STREAM(good_other_freed) = { POINTER, ALLOC(TOP), FREE(TOP), GO(1, TABLE, 21, 6) };
STREAM(good_unknown) = { GUP(1), GO(1, UPPER, 30, 1), FREE(TABLE), GO(1, TABLE, 21, 3) };
STREAM(good_another_walk) = {
	POINTER, NOTHING(1), GONE, FREE(TABLE), ALLOC(TABLE), GUP(1), GO(1, TABLE, 21, 12),
};
STREAM(good_begun_again) = {
	POINTER, GONE, FREE(TABLE), ALLOC(TABLE), GUP(1), GO(1, TABLE, 21, 11),
};
STREAM(good_no_walk) = { TABLES, GONE, FREE(TABLE), GO(1, TABLE, 21, 7) };
STREAM(good_walk_over) = { POINTER, NOTHING(1), GONE, FREE(TABLE), GO(1, TABLE, 21, 10) };
STREAM(good_other_cpus_walk) = { POINTER, GONE, FREE(TABLE), GO(2, TABLE, 21, 9) };
/* The walk's first table: the pointer to it came with the walk. */
#define UNHOOK_UPPER EV(0, TABLE_UNHOOK, 1, VA, UPPER, 1, 30), STORED(0, 1, VA, 30)
STREAM(bad_first_freed) = {
	TABLES, GUP(1), UNHOOK_UPPER, FLUSHED, FREE(UPPER), GO(1, UPPER, 30, 8),
};
/* Looked at again, higher up: with the pointer that it had from the first time. */
STREAM(bad_looked_again) = {
	TABLES,
	ALLOC(TOP),
	GUP(1),
	GO(1, TOP, 39, 4),
	GO(1, UPPER, 30, 5),
	GO(1, TABLE, 21, 6),
	UNHOOK_UPPER,
	FLUSHED,
	FREE(UPPER),
	GO(1, UPPER, 30, 12),
};
/*
 * The same entry again: the pointer is the one from above, as the first time, and not from that
 * look. In the first one, which had begun before, it may have been what it was.
 */
STREAM(bad_looked_twice) = {
	POINTER, GONE, FREE(TABLE), ALLOC(TABLE), GO(1, TABLE, 21, 8), GO(1, TABLE, 21, 11),
};
/* The whole way again, to a table that was freed and is another one now. */
STREAM(good_from_the_top) = {
	POINTER,
	GO(1, TABLE, 21, 4),
	GONE,
	FREE(TABLE),
	ALLOC(TABLE),
	HOOK(TABLE),
	GO(1, UPPER, 30, 12),
	GO(1, TABLE, 21, 13),
};
STREAM(bad_rcu_freed) = {
	TABLES, RCU(1), GO(1, UPPER, 30, 3), GONE, FREE(TABLE), GO(1, TABLE, 21, 9),
};
/* With its reference the walk looks again at the entries that led to it: in tables still its own.
 */
#define ARRIVED	     POINTER, GO(1, TABLE, 21, 5), EV(1, WALK_GRAB, OLD)
#define CHANGED(cpu) EV(cpu, WALK_END, PVTLB_WALK_CHANGED)
STREAM(bad_freed_at_grab) = {
	ARRIVED, EV(1, HELD, 7), GONE, FREE(TABLE), EV(1, RESUMED, 13), CHANGED(1),
};
STREAM(bad_upper_freed_at_grab) = {
	ARRIVED, EV(1, HELD, 7), UNHOOK_UPPER, FLUSHED, FREE(UPPER), EV(1, RESUMED, 13), CHANGED(1),
};
STREAM(bad_freed_before_grab) = {
	POINTER, GO(1, TABLE, 21, 5), GONE, FREE(TABLE), EV(1, WALK_GRAB, OLD), CHANGED(1),
};
/* It may have looked before. */
STREAM(good_freed_after_grab) = { ARRIVED, GONE, FREE(TABLE), CHANGED(1) };
STREAM(good_freed_after_held) = {
	ARRIVED, EV(1, HELD, 7), GONE, EV(1, RESUMED, 12), FREE(TABLE), CHANGED(1),
};
STREAM(good_other_resumed) = {
	ARRIVED, EV(2, HELD, 7), GONE, FREE(TABLE), EV(2, RESUMED, 13), CHANGED(1),
};
STREAM(good_no_grab) = {
	POINTER,     GO(1, TABLE, 21, 5), EV(1, HELD, 6), GONE,
	FREE(TABLE), EV(1, RESUMED, 12),  CHANGED(1),
};
STREAM(bad_since_garbage) = { POINTER, GONE, FREE(TABLE), GO(1, TABLE, 21, FULL) };

static void use_after_free(void)
{
	static const struct expect cases[] = {
		CASE(bad_freed, LOADS(2), BAD),
		CASE(good_freed_meanwhile, LOADS(2)),
		CASE(good_used_before, LOADS(2)),
		CASE(good_unhooked_only, LOADS(2)),
		CASE(good_freed_before_pointer, LOADS(2)),
		CASE(bad_free_still, LOADS(2), BAD),
		CASE(bad_freed_and_again, LOADS(2), BAD),
		CASE(good_other_freed, LOADS(2)),
		CASE(good_unknown, LOADS(0)),
		CASE(good_another_walk, LOADS(2)),
		CASE(good_begun_again, LOADS(2)),
		CASE(good_no_walk, LOADS(0)),
		CASE(good_walk_over, LOADS(1)),
		CASE(good_other_cpus_walk, LOADS(1)),
		CASE(bad_first_freed, LOADS(1), BAD),
		CASE(bad_looked_again, LOADS(4), BAD),
		CASE(bad_looked_twice, LOADS(3), BAD),
		CASE(good_from_the_top, LOADS(4)),
		CASE(bad_rcu_freed, LOADS(2), BAD),
		CASE(bad_freed_at_grab, BAD, LOADS(2)),
		CASE(bad_upper_freed_at_grab, BAD, LOADS(2)),
		CASE(bad_freed_before_grab, BAD, LOADS(2)),
		CASE(good_freed_after_grab, LOADS(2)),
		CASE(good_freed_after_held, LOADS(2)),
		CASE(good_other_resumed, LOADS(2)),
		CASE(good_no_grab, LOADS(2)),
		CASE(bad_since_garbage, LOADS(2), BAD),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_USE_AFTER_FREE);
}

STREAM(bad_deposited) = { POINTER, GONE, DEPOSIT(TABLE), GO(1, TABLE, 21, 9) };
STREAM(good_deposited_meanwhile) = { POINTER, GONE, DEPOSIT(TABLE), GO(1, TABLE, 21, 8) };
/* Used again: now its entries are others. */
STREAM(bad_deposited_and_again) = {
	POINTER, GONE, DEPOSIT(TABLE), HOOK(TABLE), GO(1, TABLE, 21, 10),
};
STREAM(bad_deposited_still) = {
	TABLES, GUP(1), GONE, DEPOSIT(TABLE), GO(1, UPPER, 30, 3), GO(1, TABLE, 21, 9),
};
STREAM(good_deposited_before) = {
	TABLES,
	GUP(1),
	GONE,
	DEPOSIT(TABLE),
	HOOK(TABLE),
	GO(1, UPPER, 30, 9),
	GO(1, TABLE, 21, 10),
};
/* A grace period is all that an RCU walk asks for, and a table used again need not wait for it. */
STREAM(good_rcu_deposited) = {
	TABLES, RCU(1), GO(1, UPPER, 30, 3), GONE, DEPOSIT(TABLE), GO(1, TABLE, 21, 9),
};

static void use_after_deposit(void)
{
	static const struct expect cases[] = {
		CASE(bad_deposited, LOADS(2), BAD),
		CASE(good_deposited_meanwhile, LOADS(2)),
		CASE(bad_deposited_and_again, LOADS(2), BAD),
		CASE(bad_deposited_still, LOADS(2), BAD),
		CASE(good_deposited_before, LOADS(2)),
		CASE(good_rcu_deposited, LOADS(2)),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_USE_AFTER_DEPOSIT);
}

STREAM(bad_unshared) = { POINTER, GONE, OWN(TABLE, 2), GO(1, TABLE, 21, 9) };
STREAM(good_unshared_meanwhile) = { POINTER, GONE, OWN(TABLE, 2), GO(1, TABLE, 21, 8) };
/* It is the walk's own mm that has it now. */
STREAM(good_owned) = { POINTER,	      UNHOOK_OF(0, TABLE, 2, VA), BEGIN_AT(0, 2, 0, FULL), END(0),
		       OWN(TABLE, 1), GO(1, TABLE, 21, 9) };
/* What the other mm has alone is not free: only who had the pointer from before is wrong. */
STREAM(good_unshared_before) = {
	TABLES, GUP(1), GONE, OWN(TABLE, 2), GO(1, UPPER, 30, 8), GO(1, TABLE, 21, 9),
};
STREAM(good_rcu_unshared) = {
	TABLES, RCU(1), GO(1, UPPER, 30, 3), GONE, OWN(TABLE, 2), GO(1, TABLE, 21, 9),
};
/* Of what happened to it the first thing is named. */
STREAM(bad_unshared_then_freed) = {
	POINTER, GONE, OWN(TABLE, 2), FREE(TABLE), GO(1, TABLE, 21, 10),
};

static void use_after_unshare(void)
{
	static const struct expect cases[] = {
		CASE(bad_unshared, LOADS(2), BAD), CASE(good_unshared_meanwhile, LOADS(2)),
		CASE(good_owned, LOADS(2)),	   CASE(good_unshared_before, LOADS(2)),
		CASE(good_rcu_unshared, LOADS(2)), CASE(bad_unshared_then_freed, LOADS(2), BAD),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_USE_AFTER_UNSHARE);
}

SUITE(unit_oracle_walks, false, { "use after free", use_after_free },
      { "use after deposit", use_after_deposit }, { "use after unshare", use_after_unshare });
