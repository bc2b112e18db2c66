/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: lazy CPUs, ASID transitions. */
#include "stream.h"

#define STALE_READ  .flushes = 1, .checks = 1, BAD
#define NOT_REACHED .flushes = 1, .targets = 1, UNDELIVERED
#define MAPPED	    SET(0, OLD | RW)
#define GONE(since) LOOK(1, 1, VA, READ, NOT_PRESENT, 0, since)

/* CPU 1 is lazy: it has mm 1 loaded and uses no user space. */

#define WAKE(cpu)      EV(cpu, FLUSH_BEGIN, 1, VA, VA + PAGE, 2, true)
#define FUNC(cpu, how) EV(cpu, FLUSH_FUNC, 1, 2, PVTLB_FLUSHED_##how, 0)
#define REMAP	       SET(OLD | RW, NEW | RW)

STREAM(good_lazy_not_told) = { LAZY(1, 1), REMAP, BEGIN(0), END(0), READ(1, 5, OLD) };
STREAM(bad_lazy_woken) = { LAZY(1, 1), REMAP, WAKE(0), END(0), READ(1, 5, OLD) };
STREAM(bad_lazy_table) = { LAZY(1, 1), MAPPED, UNHOOK(TABLE), BEGIN(0), END(0), READ(1, 7, OLD) };
STREAM(bad_not_lazy) = { LAZY(2, 1), REMAP, BEGIN(0), END(0), READ(1, 5, OLD) };
/* It goes on: all flushes count, those from before, too. */
STREAM(bad_lazy_no_more) = {
	LAZY(1, 1), REMAP, BEGIN(0), END(0), LOAD(1, 1), READ(1, 6, OLD),
};
STREAM(good_caught_up) = { LAZY(1, 1), REMAP, BEGIN(0), END(0), LOAD(1, 1), READ(1, 6, NEW) };
/* It was lazy when the access began. */
STREAM(good_lazy_meanwhile) = {
	LAZY(1, 1), REMAP, BEGIN(0), END(0), LOAD(1, 1), READ(1, 5, OLD),
};
STREAM(bad_went_to_init_mm) = {
	LAZY(1, 1), REMAP, BEGIN(0), END(0), FUNC(1, LAZY), READ(1, 6, OLD),
};
STREAM(good_flushed_otherwise) = {
	LAZY(1, 1), REMAP, BEGIN(0), END(0), FUNC(1, NOT_LOADED), READ(1, 6, OLD),
};
/* With init_mm loaded nothing is found where something is mapped. */
STREAM(good_found_nothing) = {
	LAZY(1, 1), REMAP, WAKE(0), FUNC(1, LAZY), END(0), GONE(6),
};
STREAM(bad_found_nothing) = { LOAD(1, 1), REMAP, WAKE(0), END(0), GONE(5) };
/* The unhook was for the flush before, was another CPU's, or another mm's. */
STREAM(good_table_before) = {
	LAZY(1, 1), UNHOOK(TABLE), BEGIN(0), END(0), REMAP, BEGIN(0), END(0), READ(1, 9, OLD),
};
STREAM(good_table_of_other_cpu) = {
	LAZY(1, 1), UNHOOK(TABLE), REMAP, BEGIN(2), END(2), READ(1, 7, OLD),
};
STREAM(good_table_of_other_mm) = {
	LAZY(1, 1),	 EV(0, TABLE_UNHOOK, 2, VA, TABLE, 1, LARGE), REMAP, BEGIN(0), END(0),
	READ(1, 6, OLD),
};
/* Of two flushes the one for tables counts, though the other one began later. */
STREAM(bad_table_then_not) = {
	LAZY(1, 1), REMAP, WAKE(0), END(0), BEGIN(0), END(0), READ(1, 7, OLD),
};
STREAM(good_not_then_table) = {
	LAZY(1, 1), REMAP,  BEGIN(0),	     END(0), SET(NEW | RW, OLD | RW),
	WAKE(0),    END(0), READ(1, 9, OLD),
};

static void lazy_accesses(void)
{
	static const struct expect cases[] = {
		CASE(good_lazy_not_told, .flushes = 1),
		CASE(bad_lazy_woken, STALE_READ),
		CASE(bad_lazy_table, STALE_READ),
		CASE(bad_not_lazy, STALE_READ),
		CASE(bad_lazy_no_more, STALE_READ),
		CASE(good_caught_up, .flushes = 1, .checks = 1),
		CASE(good_lazy_meanwhile, .flushes = 1),
		CASE(bad_went_to_init_mm, STALE_READ),
		CASE(good_flushed_otherwise, .flushes = 1),
		CASE(good_found_nothing, .flushes = 1),
		CASE(bad_found_nothing, STALE_READ),
		CASE(good_table_before, .flushes = 2, .checks = 0),
		CASE(good_table_of_other_cpu, .flushes = 1),
		CASE(good_table_of_other_mm, .flushes = 1),
		CASE(bad_table_then_not, .flushes = 2, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(good_not_then_table, .flushes = 2, .checks = 1),
	};

	expect_all(cases, NR_OF(cases));
}

STREAM(good_lazy_no_target) = { LAZY(1, 1), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(bad_lazy_left_out) = { LAZY(1, 1), UNHOOK(TABLE), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(bad_lazy_to_be_woken) = { LAZY(1, 1), WAKE(0), MULTI(0, 2), END(0) };
STREAM(good_lazy_interrupted) = {
	LAZY(1, 1), UNHOOK(TABLE), BEGIN(0), MULTI(0, 2), IRQ(1), END(0)
};
/* It leaves because it was reached: a target that was interrupted. */
STREAM(good_lazy_leaves) = {
	LAZY(1, 1),    UNHOOK(TABLE),	       BEGIN(0),
	MULTI(0, 2),   EV(1, IRQ_ENTRY, 0xfc), LOAD(1, 0),
	FUNC(1, LAZY), EV(1, IRQ_EXIT, 0xfc),  END(0),
};
/* It left by itself: no target any more, as any CPU that switches. */
STREAM(good_lazy_left_by_itself) = {
	LAZY(1, 1), UNHOOK(TABLE), BEGIN(0), MULTI(0, 2), LOAD(1, 2), END(0),
};
STREAM(good_lazy_meanwhile_no_target) = {
	LOAD(1, 1), BEGIN(0), MULTI(0, 2), LAZY(1, 1), END(0),
};
STREAM(bad_lazy_meanwhile_table) = {
	LOAD(1, 1), UNHOOK(TABLE), BEGIN(0), MULTI(0, 2), LAZY(1, 1), END(0),
};
STREAM(bad_not_lazy_any_more) = {
	LAZY(1, 1), LOAD(1, 1), BEGIN(0), MULTI(0, 2), END(0),
};
STREAM(good_lazy_elsewhere) = { LAZY(1, 2), UNHOOK(TABLE), BEGIN(0), MULTI(0, 2), END(0) };

static void lazy_targets(void)
{
	static const struct expect cases[] = {
		CASE(good_lazy_no_target, ALL, .flushes = 1),
		CASE(bad_lazy_left_out, ALL, NOT_REACHED),
		CASE(bad_lazy_to_be_woken, ALL, NOT_REACHED),
		CASE(good_lazy_interrupted, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(good_lazy_leaves, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(good_lazy_left_by_itself, ALL, .flushes = 1),
		CASE(good_lazy_meanwhile_no_target, ALL, .flushes = 1),
		CASE(bad_lazy_meanwhile_table, ALL, NOT_REACHED),
		CASE(bad_not_lazy_any_more, ALL, NOT_REACHED),
		CASE(good_lazy_elsewhere, ALL, .flushes = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* --- mm 1 is in transition to a global ASID: its flushes go to the whole mask --- */

#define ASID(mm, on) EV(0, ASID, mm, on)

STREAM(bad_asid_lazy) = { ASID(1, 1), LAZY(1, 1), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(bad_asid_elsewhere) = { ASID(1, 1), LOAD(1, 2), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(good_asid_all) = {
	ASID(1, 1), LAZY(1, 1), LOAD(2, 2), BEGIN(0), MULTI(0, 7), IRQ(1), IRQ(2), END(0),
};
STREAM(bad_asid_switches) = {
	ASID(1, 1), LOAD(1, 1), BEGIN(0), MULTI(0, 2), LOAD(1, 2), END(0),
};
STREAM(good_asid_over) = {
	ASID(1, 1), ASID(1, 0), LOAD(1, 2), BEGIN(0), MULTI(0, 2), END(0),
};
/* Over before the flush looked: those in the mask for other reasons remain. */
STREAM(bad_asid_over_meanwhile) = {
	ASID(1, 1), LOAD(1, 2), LOAD(2, 1), BEGIN(0), MULTI(0, 14), LAZY(3, 1), ASID(1, 0), END(0),
};
STREAM(good_asid_begins_later) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), ASID(1, 1), END(0) };
STREAM(good_asid_of_other_mm) = { ASID(2, 1), LOAD(1, 2), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(bad_asid_of_other_mm_over) = {
	ASID(1, 1), LOAD(1, 2), BEGIN(0), MULTI(0, 2), ASID(2, 0), END(0),
};

static void asid(void)
{
	static const struct expect cases[] = {
		CASE(bad_asid_lazy, ALL, NOT_REACHED),
		CASE(bad_asid_elsewhere, ALL, NOT_REACHED),
		CASE(good_asid_all, ALL, .flushes = 1, .targets = 2, .interrupted = 2),
		CASE(bad_asid_switches, ALL, NOT_REACHED),
		CASE(good_asid_over, ALL, .flushes = 1),
		CASE(bad_asid_over_meanwhile, ALL, NOT_REACHED),
		CASE(good_asid_begins_later, ALL, .flushes = 1),
		CASE(good_asid_of_other_mm, ALL, .flushes = 1),
		CASE(bad_asid_of_other_mm_over, ALL, NOT_REACHED),
	};

	expect_all(cases, NR_OF(cases));
}

SUITE(unit_oracle_lazy, false, { "lazy CPUs: accesses", lazy_accesses },
      { "lazy CPUs: targets", lazy_targets }, { "ASID transitions", asid });
