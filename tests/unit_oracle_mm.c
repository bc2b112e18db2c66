/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: stores that race with flushes, leaves below tables. */
#include "stream.h"

#define STALE_READ .flushes = 1, .checks = 1, BAD

/* CPU 0 stores, CPU 2 flushes: the flush owes nothing for a store that may come later. */

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

/* A table is unhooked: the leaves below it are gone. */

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

SUITE(unit_oracle_mm, false, { "stores that race with a flush", stores },
      { "leaves below a table", unhooked_leaves });
