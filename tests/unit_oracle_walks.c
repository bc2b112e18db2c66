/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: walks, the tables they go through, and who waits for whom. */
#include <string.h>

#include "stream.h"

#define UPPER	 (TABLE + PAGE) /* the table above TABLE */
#define TOP	 (UPPER + PAGE)
#define TABLES	 ALLOC(UPPER), ALLOC(TABLE)
#define FLUSHED	 BEGIN(0), END(0)
#define LOADS(n) SAFE, .walk_loads = (n)
#define BAD	 .safe_bad = 1, .violated = 1

/* --- CPU 1 walks, #3, and has the pointer from #4; CPU 0 unhooks, #5, and flushes, to #8 --- */

#define POINTER TABLES, GUP(1), GO(1, UPPER, 30, 3)
#define GONE	UNHOOK(TABLE), FLUSHED

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
		CASE(good_from_the_top, LOADS(4)),
		CASE(bad_rcu_freed, LOADS(2), BAD),
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

/* --- where a walk of VA, by CPU 1, ended --- */

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

/* --- is a table released that hardware may still walk through? --- */

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

/* --- delivered: has CPU 1 done its part when CPU 0's flush returns? --- */

#define BEGIN_2		   EV(0, FLUSH_BEGIN, 1, VA, VA + PAGE, 2)
#define END_2		   EV(0, FLUSH_END, 1, 2)
#define ENTER(cpu)	   EV(cpu, FLUSH_ENTER, 1, 2, 0)
#define FUNC(cpu, mm, gen) EV(cpu, FLUSH_FUNC, mm, gen, PVTLB_FLUSHED_FULL, 0)
#define TARGET		   .flushes = 1, .targets = 1, .interrupted = 1
#define UNDELIVERED	   .delivered_bad = 1, .violated = 1
#define PART(...)	   BEGIN_2, MULTI(0, 2), EV(1, IRQ_ENTRY, 0xfc), __VA_ARGS__

STREAM(good_part_done) = { PART(ENTER(1), FUNC(1, 1, 2), END_2) };
STREAM(bad_part_begun) = { PART(ENTER(1), END_2, FUNC(1, 1, 2)) };
STREAM(bad_part_never_done) = { PART(ENTER(1), END_2) };
STREAM(bad_other_part_done) = { PART(ENTER(1), FUNC(1, 1, 1), END_2) };
STREAM(bad_other_mms_part_done) = { PART(ENTER(1), FUNC(1, 2, 2), END_2) };
STREAM(bad_other_cpu_done) = { PART(ENTER(1), FUNC(2, 1, 2), END_2) };
STREAM(good_other_initiator) = { PART(EV(1, FLUSH_ENTER, 1, 2, 3), END_2) };
STREAM(good_other_flush) = { PART(EV(1, FLUSH_ENTER, 1, 3, 0), END_2) };
STREAM(good_begun_later) = { PART(END_2, ENTER(1), FUNC(1, 1, 2)) };
STREAM(bad_two_parts) = { PART(ENTER(1), ENTER(2), ENTER(3), FUNC(2, 1, 2), END_2) };
STREAM(bad_part_of_initiator) = { BEGIN_2, ENTER(0), END_2 };

static void ack_early(void)
{
	static const struct expect cases[] = {
		CASE(good_part_done, ALL, TARGET),
		CASE(bad_part_begun, ALL, TARGET, UNDELIVERED),
		CASE(bad_part_never_done, ALL, TARGET, UNDELIVERED),
		CASE(bad_other_part_done, ALL, TARGET, UNDELIVERED),
		CASE(bad_other_mms_part_done, ALL, TARGET, UNDELIVERED),
		CASE(bad_other_cpu_done, ALL, TARGET, UNDELIVERED),
		CASE(good_other_initiator, ALL, TARGET),
		CASE(good_other_flush, ALL, TARGET),
		CASE(good_begun_later, ALL, TARGET),
		CASE(bad_two_parts, ALL, TARGET, .delivered_bad = 2, .violated = 1),
		CASE(bad_part_of_initiator, ALL, .flushes = 1, UNDELIVERED),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_ACK_EARLY);
}

/* --- delivered: who was walking when the table was unhooked, is he waited for? --- */

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

/* --- the table is shared: CPU 1 walks mm 1, CPU 2 walks mm 2, mm 3 keeps the table --- */

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

/* --- what a violation says --- */

static void use_details(void)
{
	STREAM(bad_use) = {
		TRIAL(3, 1), POINTER, GONE, SYNC(0, true), FREE(TABLE), GO(1, TABLE, 21, 11),
	};
	const struct violation *v = found.safe.bad.v;

	judge_stream(bad_use, NR_OF(bad_use), INTERRUPTS_ALL);
	CU_ASSERT_EQUAL_FATAL(found.safe.bad.total, 1);
	CU_ASSERT_EQUAL(v->cpu, 1);
	CU_ASSERT_EQUAL(v->trial, 3);
	CU_ASSERT_EQUAL(v->step, 1);
	CU_ASSERT_EQUAL(v->mm, 1);
	CU_ASSERT_EQUAL(v->addr, VA);
	CU_ASSERT_EQUAL(v->walk, 4);
	CU_ASSERT_EQUAL(v->table, TABLE);
	CU_ASSERT_EQUAL(v->gen, 1);
	CU_ASSERT_EQUAL(v->pointer, 5);
	CU_ASSERT_EQUAL(v->unhook, 6);
	CU_ASSERT_EQUAL(v->flush_begin, 8);
	CU_ASSERT_EQUAL(v->flush_end, 9);
	CU_ASSERT_EQUAL(v->flush_tables, true);
	CU_ASSERT_EQUAL(v->initiator, 0);
	CU_ASSERT_EQUAL(v->sync, 10);
	CU_ASSERT_EQUAL(v->sync_skipped, true);
	CU_ASSERT_EQUAL(v->release, 11);
	CU_ASSERT_EQUAL(v->released_as, PVTLB_EV_TABLE_FREE);
	CU_ASSERT_EQUAL(v->released_by, 0);
	CU_ASSERT_EQUAL(v->use, 12);
	CU_ASSERT_EQUAL(v->value, POISON);
	/* The same, as the delivered column has it. */
	v = found.delivered.bad.v;
	CU_ASSERT_EQUAL_FATAL(found.delivered.bad.total, 1);
	CU_ASSERT_EQUAL(v->cpu, 1);
	CU_ASSERT_EQUAL(v->walk, 4);
	CU_ASSERT_EQUAL(v->table, TABLE);
	CU_ASSERT_EQUAL(v->unhook, 6);
	CU_ASSERT_EQUAL(v->flush_begin, 8);
	CU_ASSERT_EQUAL(v->flush_end, 9);
	CU_ASSERT_EQUAL(v->sync, 10);
	CU_ASSERT_EQUAL(v->sync_skipped, true);
	CU_ASSERT_EQUAL(v->release, 11);
}

/* What was before the unhook, and what another CPU did, does not belong to it. */
static void nothing_led_up(void)
{
	STREAM(bad_bare) = {
		SYNC(0, false),		 FLUSHED, POINTER,     UNHOOK(TABLE), SYNC(2, false),
		BEGIN_AT(0, 2, 0, FULL), END(0),  FREE(TABLE),
	};

	judge_stream(bad_bare, NR_OF(bad_bare), INTERRUPTS_ALL);
	CU_ASSERT_EQUAL_FATAL(found.safe.bad.total, 1);
	CU_ASSERT_EQUAL(found.safe.bad.v[0].sync, 0);
	CU_ASSERT_EQUAL(found.safe.bad.v[0].flush_end, 0);
	CU_ASSERT_EQUAL_FATAL(found.delivered.bad.total, 1);
	CU_ASSERT_EQUAL(found.delivered.bad.v[0].sync, 0);
	CU_ASSERT_EQUAL(found.delivered.bad.v[0].flush_end, 0);
}

SUITE(unit_oracle_walks, false, { "use after free", use_after_free },
      { "use after deposit", use_after_deposit }, { "use after unshare", use_after_unshare },
      { "wrong page", wrong_page }, { "wrong page by a freed table", used_and_wrong },
      { "a walk is interrupted", walk_interrupted }, { "released before a flush", not_flushed },
      { "acknowledged early", ack_early }, { "walkers", walkers },
      { "walkers of a shared table", walkers_of_sharers },
      { "what a violation says", use_details }, { "nothing led up to it", nothing_led_up });
