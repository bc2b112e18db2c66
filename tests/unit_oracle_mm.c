/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: stores that race with flushes, leaves below tables, lazy CPUs, ASID transitions. */
#include "stream.h"

#define STALE_READ  .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1
#define NOT_REACHED .flushes = 1, .targets = 1, .delivered_bad = 1, .violated = 1

/* --- CPU 0 stores, CPU 2 flushes: the flush owes nothing for a store that may come later --- */

#define STORE_VA STORE(0, 1, VA, OLD | RW, NEW | RW, 12)
#define DONE_VA	 STORED(0, 1, VA, 12)

STREAM(good_stored_after_flush) = { STORE_VA, BEGIN(2), END(2), DONE_VA, READ(1, 4, OLD) };
STREAM(good_stored_after_flush_new) = { STORE_VA, BEGIN(2), END(2), DONE_VA, READ(1, 4, NEW) };
STREAM(good_stored_in_flush) = { STORE_VA, BEGIN(2), DONE_VA, END(2), READ(1, 4, OLD) };
STREAM(good_never_stored) = { STORE_VA, BEGIN(2), END(2), READ(1, 3, OLD) };
STREAM(bad_stored_before_flush) = { STORE_VA, DONE_VA, BEGIN(2), END(2), READ(1, 4, OLD) };
/* The store is that of this entry, by this CPU, of this size, in this mm. */
STREAM(good_other_cpus_store) = {
	STORE_VA, STORED(3, 1, VA, 12), BEGIN(2), END(2), READ(1, 4, OLD),
};
STREAM(good_other_mms_store) = {
	STORE_VA, STORED(0, 2, VA, 12), BEGIN(2), END(2), READ(1, 4, OLD),
};
STREAM(good_other_page_stored) = {
	STORE_VA, STORED(0, 1, VA + PAGE, 12), BEGIN(2), END(2), READ(1, 4, OLD),
};
STREAM(good_table_above_stored) = {
	STORE_VA, STORED(0, 1, VA, LARGE), BEGIN(2), END(2), READ(1, 4, OLD),
};
/* Two stores: the first is over, so what was before it is, too. */
STREAM(good_second_not_stored) = {
	STORE_VA, DONE_VA, STORE(0, 1, VA, NEW | RW, 0, 12), BEGIN(2), END(2), READ(1, 5, NEW),
};
STREAM(bad_before_the_first) = {
	STORE_VA, DONE_VA, STORE(0, 1, VA, NEW | RW, 0, 12), BEGIN(2), END(2), READ(1, 5, OLD),
};
/* Of two that were under way one after the other, by two CPUs, both may be seen. */
STREAM(good_neither_stored) = {
	STORE_VA,	 STORE(3, 1, VA, NEW | RW, 0, 12), BEGIN(2), END(2), READ(1, 4, OLD),
	READ(1, 4, NEW),
};

static void stores(void)
{
	static const struct expect cases[] = {
		CASE(good_stored_after_flush, .flushes = 1, .checks = 1),
		CASE(good_stored_after_flush_new, .flushes = 1, .checks = 1),
		CASE(good_stored_in_flush, .flushes = 1, .checks = 1),
		CASE(good_never_stored, .flushes = 1, .checks = 1),
		CASE(bad_stored_before_flush, STALE_READ),
		CASE(good_other_cpus_store, .flushes = 1, .checks = 1),
		CASE(good_other_mms_store, .flushes = 1, .checks = 1),
		CASE(good_other_page_stored, .flushes = 1, .checks = 1),
		CASE(good_table_above_stored, .flushes = 1, .checks = 1),
		CASE(good_second_not_stored, .flushes = 1, .checks = 1),
		CASE(bad_before_the_first, STALE_READ),
		CASE(good_neither_stored, .flushes = 1, .checks = 2),
	};

	expect_all(cases, NR_OF(cases));
}

/* --- a table is unhooked: the leaves below it are gone --- */

#define MAPPED		    SET(0, OLD | RW)
#define UNHOOK_AT(a, shift) EV(0, TABLE_UNHOOK, 1, a, TABLE, 1, shift), STORED(0, 1, a, shift)
#define GONE(since)	    LOOK(1, 1, VA, READ, NOT_PRESENT, 0, since)

STREAM(good_unhooked) = { MAPPED, UNHOOK(TABLE), BEGIN(0), END(0), GONE(6) };
STREAM(bad_unhooked) = { MAPPED, UNHOOK(TABLE), BEGIN(0), END(0), READ(1, 6, OLD) };
STREAM(good_unhooked_not_flushed) = { MAPPED, UNHOOK(TABLE), READ(1, 4, OLD) };
STREAM(good_unhook_not_stored) = {
	MAPPED, EV(0, TABLE_UNHOOK, 1, VA, TABLE, 1, LARGE), BEGIN(2), END(2), READ(1, 5, OLD),
};
STREAM(bad_unhooked_higher_up) = {
	MAPPED, UNHOOK_AT(VA + (1ull << 38), 39), BEGIN(0), END(0), READ(1, 6, OLD),
};
STREAM(bad_unhooked_topmost) = { MAPPED, UNHOOK_AT(VA, 63), BEGIN(0), END(0), READ(1, 6, OLD) };
STREAM(good_unhooked_beside) = {
	MAPPED,
	UNHOOK_AT(VA + (1ull << LARGE), LARGE),
	UNHOOK_AT(VA - 1, LARGE),
	BEGIN(0),
	END(0),
	READ(1, 8, OLD),
};
STREAM(good_other_mm_unhooks) = {
	MAPPED,
	EV(0, TABLE_UNHOOK, 2, VA, TABLE, 1, LARGE),
	STORED(0, 2, VA, LARGE),
	BEGIN(0),
	END(0),
	READ(1, 6, OLD),
};
/* What is of the table's own size is not below it. */
STREAM(good_large_beside_table) = {
	SET_AT(1, VA, 0, OLD | RW, LARGE), UNHOOK(TABLE), BEGIN(0), END(0), READ(1, 6, OLD),
};
STREAM(good_garbage_unhook) = {
	MAPPED, UNHOOK_AT(VA, 64), UNHOOK_AT(VA, FULL), BEGIN(0), END(0), READ(1, 8, OLD),
};
/* A hook alone brings no leaf back, one that is set again does. */
STREAM(bad_hooked_again) = {
	MAPPED,
	UNHOOK(TABLE),
	EV(0, TABLE_HOOK, 1, VA, TABLE, 1, LARGE),
	STORED(0, 1, VA, LARGE),
	BEGIN(0),
	END(0),
	READ(1, 8, OLD),
};
STREAM(good_hooked_again) = {
	MAPPED,
	UNHOOK(TABLE),
	EV(0, TABLE_HOOK, 1, VA, TABLE, 1, LARGE),
	STORE(0, 1, VA, 0, OLD | RW, 12),
	STORED(0, 1, VA, LARGE),
	STORED(0, 1, VA, 12),
	BEGIN(0),
	END(0),
	READ(1, 10, OLD),
};
/* One store for both: one table takes the place of the other, and its leaves theirs. */
#define SWAPPED                                                                                    \
	MAPPED, EV(0, TABLE_UNHOOK, 1, VA, TABLE, 1, LARGE),                                       \
		EV(0, TABLE_HOOK, 1, VA, TABLE + PAGE, 1, LARGE),                                  \
		STORE(0, 1, VA, 0, NEW | RW, 12), STORED(0, 1, VA, LARGE), STORED(0, 1, VA, 12),   \
		BEGIN(0), END(0)
STREAM(good_swapped) = { SWAPPED, READ(1, 9, NEW) };
STREAM(bad_swapped) = { SWAPPED, READ(1, 9, OLD) };
STREAM(good_swapped_since) = { SWAPPED, READ(1, 8, OLD) };
/* Collapsed into a large page and looked at through it. */
#define COLLAPSED                                                                                  \
	MAPPED, UNHOOK(TABLE), BEGIN(0), END(0), SET_AT(1, VA, 0, NEW | RW, LARGE), BEGIN(0), END(0)
STREAM(good_collapsed) = { COLLAPSED, READ(1, 10, NEW) };
STREAM(bad_collapsed) = { COLLAPSED, READ(1, 10, OLD) };

static void unhooked_leaves(void)
{
	static const struct expect cases[] = {
		CASE(good_unhooked, .flushes = 1, .checks = 1),
		CASE(bad_unhooked, STALE_READ),
		CASE(good_unhooked_not_flushed),
		CASE(good_unhook_not_stored, .flushes = 1, .checks = 1),
		CASE(bad_unhooked_higher_up, STALE_READ),
		CASE(bad_unhooked_topmost, STALE_READ),
		CASE(good_unhooked_beside, .flushes = 1, .checks = 1),
		CASE(good_other_mm_unhooks, .flushes = 1, .checks = 1),
		CASE(good_large_beside_table, .flushes = 1, .checks = 1, .large = 1),
		CASE(good_garbage_unhook, .flushes = 1, .checks = 1),
		CASE(bad_hooked_again, STALE_READ),
		CASE(good_hooked_again, .flushes = 1, .checks = 1),
		CASE(good_swapped, .flushes = 1, .checks = 1),
		CASE(bad_swapped, STALE_READ),
		CASE(good_swapped_since, .flushes = 1),
		CASE(good_collapsed, .flushes = 2, .checks = 1, .large = 1),
		CASE(bad_collapsed, .flushes = 2, .checks = 1, .large = 1, .safe_bad = 1,
		     .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* --- CPU 1 is lazy: it has mm 1 loaded and uses no user space --- */

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

SUITE(unit_oracle_mm, false, { "stores that race with a flush", stores },
      { "leaves below a table", unhooked_leaves }, { "lazy CPUs: accesses", lazy_accesses },
      { "lazy CPUs: targets", lazy_targets }, { "ASID transitions", asid });
