/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: tables released, with whom hardware or a walk may still be. */
#include "walk_stream.h"

/* Is a table released that hardware may still walk through? */
#define BEGIN_2M(cpu) BEGIN_AT(cpu, 1, VA, VA + (1ull << LARGE))

STREAM(bad_not_flushed) = { TABLES, UNHOOK(TABLE), FREE(TABLE) };
STREAM(good_flushed) = { TABLES, GONE, FREE(TABLE) };
STREAM(bad_flushed_after) = { TABLES, UNHOOK(TABLE), FREE(TABLE), FLUSHED };
STREAM(bad_flushed_before) = { TABLES, FLUSHED, UNHOOK(TABLE), FREE(TABLE) };
STREAM(bad_flush_under_way) = { TABLES, BEGIN_2M(0), UNHOOK(TABLE), END(0), FREE(TABLE) };
STREAM(bad_flush_not_returned) = { TABLES, UNHOOK(TABLE), BEGIN_2M(2), FREE(TABLE), END(2) };
STREAM(good_flushed_by_other) = { TABLES, UNHOOK(TABLE), BEGIN_2M(2), END(2), FREE(TABLE) };
/* That flush may have been in front of the store. */
STREAM(bad_flushed_before_stored) = {
	TABLES,
	EV(0, TABLE_UNHOOK, 1, VA, TABLE, 1, LARGE),
	BEGIN_2M(2),
	END(2),
	STORED(0, 1, VA, LARGE),
	FREE(TABLE),
};
STREAM(bad_stored_in_flush) = {
	TABLES,	     EV(0, TABLE_UNHOOK, 1, VA, TABLE, 1, LARGE),
	BEGIN_2M(2), STORED(0, 1, VA, LARGE),
	END(2),	     FREE(TABLE),
};
STREAM(bad_flushed_elsewhere) = {
	TABLES, UNHOOK(TABLE), BEGIN_AT(0, 1, VA + (1ull << LARGE), VA + (1ull << 22)),
	END(0), FREE(TABLE),
};
STREAM(bad_other_mm_flushed) = {
	TABLES, UNHOOK(TABLE), BEGIN_AT(0, 2, 0, FULL), END(0), FREE(TABLE),
};
STREAM(good_all_flushed) = { TABLES, UNHOOK(TABLE), BEGIN_AT(0, 1, 0, FULL), END(0), FREE(TABLE) };
/* INVLPG drops what is cached of upper levels whatever its address: any of it is enough. */
STREAM(good_a_page_of_it) = {
	TABLES, UNHOOK(TABLE), BEGIN_AT(0, 1, VA + 5 * PAGE, VA + 6 * PAGE), END(0), FREE(TABLE),
};
STREAM(bad_deposited_unflushed) = { TABLES, UNHOOK(TABLE), DEPOSIT(TABLE) };
STREAM(bad_owned_unflushed) = { TABLES, UNHOOK(TABLE), OWN(TABLE, 2) };
/* Said once. */
STREAM(bad_deposited_and_freed) = { TABLES, UNHOOK(TABLE), DEPOSIT(TABLE), FREE(TABLE) };
STREAM(bad_unhooked_again) = {
	TABLES, GONE, DEPOSIT(TABLE), HOOK(TABLE), UNHOOK(TABLE), FREE(TABLE),
};
STREAM(good_never_hooked) = { TABLES, FREE(TABLE) };
STREAM(good_new_table) = { TABLES, UNHOOK(TABLE), ALLOC(TABLE), FREE(TABLE) };
STREAM(bad_one_of_two) = {
	TABLES, GONE, UNHOOK_OF(0, UPPER, 1, VA), FREE(TABLE), FREE(UPPER),
};

static void not_flushed(void)
{
	static const struct expect cases[] = {
		CASE(bad_not_flushed, SAFE, BAD),
		CASE(good_flushed, SAFE),
		CASE(bad_flushed_after, SAFE, BAD),
		CASE(bad_flushed_before, SAFE, BAD),
		CASE(bad_flush_under_way, SAFE, BAD),
		CASE(bad_flush_not_returned, SAFE, BAD),
		CASE(good_flushed_by_other, SAFE),
		CASE(bad_flushed_before_stored, SAFE, BAD),
		CASE(bad_stored_in_flush, SAFE, BAD),
		CASE(bad_flushed_elsewhere, SAFE, BAD),
		CASE(bad_other_mm_flushed, SAFE, BAD),
		CASE(good_all_flushed, SAFE),
		CASE(good_a_page_of_it, SAFE),
		CASE(bad_deposited_unflushed, SAFE, BAD),
		CASE(bad_owned_unflushed, SAFE, BAD),
		CASE(bad_deposited_and_freed, SAFE, BAD),
		CASE(bad_unhooked_again, SAFE, BAD),
		CASE(good_never_hooked, SAFE),
		CASE(good_new_table, SAFE),
		CASE(bad_one_of_two, SAFE, BAD),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_NOT_FLUSHED);
}

/* Who was walking when the table was unhooked, is he waited for? */
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

SUITE(unit_oracle_released, false, { "released before a flush", not_flushed },
      { "walkers", walkers });
