/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: where walks ended, and that nothing interrupts them. */
#include "walk_stream.h"

/* Walks of VA by CPU 1. */
#define MAPPED SET(0, OLD | RW)
#define REMAP  SET(OLD | RW, NEW | RW)

STREAM(good_took_it) = { MAPPED, GUP(1), TOOK(1, OLD) };
STREAM(bad_took_another) = { MAPPED, GUP(1), TOOK(1, OLD + PAGE) };
STREAM(bad_took_what_was) = { MAPPED, REMAP, GUP(1), TOOK(1, OLD) };
STREAM(good_remapped_meanwhile) = { MAPPED, GUP(1), REMAP, TOOK(1, OLD) };
STREAM(good_remapped_meanwhile_new) = { MAPPED, GUP(1), REMAP, TOOK(1, NEW) };
/* Walks go by the page tables, not by the TLB: a flush that is still to come is no excuse. */
STREAM(good_not_stored_yet) = {
	MAPPED, STORE(0, 1, VA, OLD | RW, NEW | RW, 12), GUP(1), STORED(0, 1, VA, 12), TOOK(1, OLD),
};
STREAM(bad_unhooked_before) = { MAPPED, UNHOOK(TABLE), GUP(1), TOOK(1, OLD) };
STREAM(good_unhooked_meanwhile) = { MAPPED, GUP(1), UNHOOK(TABLE), TOOK(1, OLD) };
STREAM(bad_not_mapped) = { SET(OLD | RW, OLD | 6), GUP(1), TOOK(1, OLD) };
STREAM(bad_never_mapped) = { GUP(1), TOOK(1, OLD) };
STREAM(bad_other_mms_page) = { SET_AT(2, VA, 0, OLD | RW, 12), GUP(1), TOOK(1, OLD) };
STREAM(good_large_page) = {
	SET_AT(1, VA, 0, OLD | RW, LARGE),
	EV(1, WALK_BEGIN, 1, VA + 5 * PAGE + 8, PVTLB_WALK_GUP, true),
	TOOK(1, OLD + 5 * PAGE),
};
STREAM(bad_large_page) = {
	SET_AT(1, VA, 0, OLD | RW, LARGE),
	EV(1, WALK_BEGIN, 1, VA + 5 * PAGE + 8, PVTLB_WALK_GUP, true),
	TOOK(1, OLD),
};
STREAM(good_gave_up) = { MAPPED, GUP(1), EV(1, WALK_END, PVTLB_WALK_CHANGED, NEW) };
STREAM(good_found_nothing) = { MAPPED, GUP(1), NOTHING(1) };
STREAM(good_rcu_took_another) = { MAPPED, RCU(1), TOOK(1, NEW) };
STREAM(good_no_walk_to_end) = { MAPPED, TOOK(1, NEW), GUP(1), TOOK(1, OLD), TOOK(1, NEW) };

static void wrong_page(void)
{
	static const struct expect cases[] = {
		CASE(good_took_it),
		CASE(bad_took_another, BAD),
		CASE(bad_took_what_was, BAD),
		CASE(good_remapped_meanwhile),
		CASE(good_remapped_meanwhile_new),
		CASE(good_not_stored_yet),
		CASE(bad_unhooked_before, BAD),
		CASE(good_unhooked_meanwhile),
		CASE(bad_not_mapped, BAD),
		CASE(bad_never_mapped, BAD),
		CASE(bad_other_mms_page, BAD),
		CASE(good_large_page),
		CASE(bad_large_page, BAD),
		CASE(good_gave_up),
		CASE(good_found_nothing),
		CASE(good_rcu_took_another),
		CASE(good_no_walk_to_end),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_WRONG_PAGE);
}

/* A table that was freed led to it: that comes first. */
static void used_and_wrong(void)
{
	STREAM(bad_both) = {
		MAPPED, POINTER, GONE, FREE(TABLE), GO(1, TABLE, 21, 11), TOOK(1, 0x9000000),
	};
	const struct violations *bad = &found.safe.bad;

	judge_stream(bad_both, NR_OF(bad_both), INTERRUPTS_ALL);
	CU_ASSERT_EQUAL_FATAL(bad->total, 2);
	CU_ASSERT_EQUAL(bad->v[0].kind, VIOLATION_USE_AFTER_FREE);
	CU_ASSERT_EQUAL(bad->v[1].kind, VIOLATION_WRONG_PAGE);
}

STREAM(bad_interrupted) = { GUP(1), IRQ(1), NOTHING(1) };
STREAM(bad_interrupted_twice) = { GUP(1), IRQ(1), IRQ(1), NOTHING(1) };
STREAM(good_interrupt_waits) = { GUP(1), EV(1, IRQ_PEND, 0xfc), NOTHING(1), IRQ(1) };
STREAM(good_interrupted_before) = { IRQ(1), GUP(1), NOTHING(1) };
STREAM(good_other_interrupted) = { GUP(1), IRQ(2), NOTHING(1) };
STREAM(good_rcu_interrupted) = { RCU(1), IRQ(1), NOTHING(1) };

static void walk_interrupted(void)
{
	static const struct expect cases[] = {
		CASE(bad_interrupted, BAD),   CASE(bad_interrupted_twice, BAD),
		CASE(good_interrupt_waits),   CASE(good_interrupted_before),
		CASE(good_other_interrupted), CASE(good_rcu_interrupted),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_WALK_INTERRUPTED);
}

SUITE(unit_oracle_walk_ends, false, { "wrong page", wrong_page },
      { "wrong page by a freed table", used_and_wrong },
      { "a walk is interrupted", walk_interrupted });
