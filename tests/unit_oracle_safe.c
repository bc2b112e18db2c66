/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle, safe: is what an access found what a flush has left? */
#include "stream.h"

/* A page of OLD, changed, flushed, looked at by CPU 1. */

STREAM(good_remap) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(1, 4, NEW) };
STREAM(bad_remap_read) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(1, 4, OLD) };
STREAM(bad_remap_write) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), WRITE(1, 4, OLD) };
STREAM(bad_remap_elsewhere) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(1, 4, OLD + PAGE) };
STREAM(bad_initiator_itself) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(0, 4, OLD) };
STREAM(good_unmap) = {
	SET(OLD | RW, 0),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, READ, NOT_PRESENT, 0, 4),
	LOOK(1, 1, VA, WRITE, NOT_PRESENT, 0, 4),
};
STREAM(bad_unmap) = { SET(OLD | RW, 0), BEGIN(0), END(0), READ(1, 4, OLD) };
STREAM(bad_unmap_protected) = {
	SET(OLD | RW, 0),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, WRITE, PROTECTED, 0, 4),
};
/* An entry that is not present may say anything else in its other bits. */
STREAM(good_unmap_other_bits) = {
	SET(OLD | RW, OLD | 6),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, READ, NOT_PRESENT, 0, 4),
};
STREAM(bad_unmap_other_bits) = { SET(OLD | RW, OLD | 6), BEGIN(0), END(0), READ(1, 4, OLD) };
STREAM(good_map) = { SET(0, NEW | RW), BEGIN(0), END(0), READ(1, 4, NEW) };
STREAM(bad_map_not_seen) = {
	SET(0, NEW | RW),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, READ, NOT_PRESENT, 0, 4),
};
STREAM(good_protect) = {
	SET(OLD | RW, OLD | RO), BEGIN(0), END(0), LOOK(1, 1, VA, WRITE, PROTECTED, 0, 4),
	READ(1, 4, OLD),
};
STREAM(bad_protect) = { SET(OLD | RW, OLD | RO), BEGIN(0), END(0), WRITE(1, 4, OLD) };
STREAM(bad_unprotect) = {
	SET(OLD | RO, OLD | RW),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, WRITE, PROTECTED, 0, 4),
};
/* Reading cannot find a page write-protected. */
STREAM(bad_protected_read) = {
	SET(OLD | RW, OLD | RO),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, READ, PROTECTED, 0, 4),
};
STREAM(bad_no_such_outcome) = {
	SET(OLD | RW, NEW | RW),
	BEGIN(0),
	END(0),
	EV(1, ACCESS, 1, VA, 1, 9, NEW, 4),
};

static void safe_changes(void)
{
	static const struct expect cases[] = {
		CASE(good_remap, .flushes = 1, .checks = 1),
		CASE(bad_remap_read, .flushes = 1, .checks = 1, BAD),
		CASE(bad_remap_write, .flushes = 1, .checks = 1, BAD),
		CASE(bad_remap_elsewhere, .flushes = 1, .checks = 1, BAD),
		CASE(bad_initiator_itself, .flushes = 1, .checks = 1, BAD),
		CASE(good_unmap, .flushes = 1, .checks = 2),
		CASE(bad_unmap, .flushes = 1, .checks = 1, BAD),
		CASE(bad_unmap_protected, .flushes = 1, .checks = 1, BAD),
		CASE(good_unmap_other_bits, .flushes = 1, .checks = 1),
		CASE(bad_unmap_other_bits, .flushes = 1, .checks = 1, BAD),
		CASE(good_map, .flushes = 1, .checks = 1),
		CASE(bad_map_not_seen, .flushes = 1, .checks = 1, BAD),
		CASE(good_protect, .flushes = 1, .checks = 2),
		CASE(bad_protect, .flushes = 1, .checks = 1, BAD),
		CASE(bad_unprotect, .flushes = 1, .checks = 1, BAD),
		CASE(bad_protected_read, .flushes = 1, .checks = 1, BAD),
		CASE(bad_no_such_outcome, .flushes = 1, .checks = 1, BAD),
	};

	expect_all(cases, NR_OF(cases));
}

STREAM(good_no_flush) = { SET(OLD | RW, NEW | RW), READ(1, 2, OLD) };
STREAM(good_flush_not_ended) = { SET(OLD | RW, NEW | RW), BEGIN(0), READ(1, 3, OLD) };
/* since 2: the flush's end came while the access was under way. */
STREAM(good_began_before_end) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(1, 3, OLD) };
STREAM(good_flush_before_change) = { BEGIN(0), END(0), SET(OLD | RW, NEW | RW), READ(1, 4, OLD) };
STREAM(good_end_of_nothing) = { SET(OLD | RW, NEW | RW), END(0), READ(1, 3, OLD) };
STREAM(good_end_on_other_cpu) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(2), READ(1, 4, OLD) };
STREAM(good_never_changed) = { BEGIN(0), END(0), READ(1, 2, OLD) };
STREAM(good_other_page) = {
	SET(OLD | RW, NEW | RW),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA + PAGE, READ, OK, OLD, 4),
	LOOK(1, 1, VA - 1, READ, OK, OLD, 4),
};
STREAM(good_access_of_other_mm) = {
	SET(OLD | RW, NEW | RW),
	BEGIN(0),
	END(0),
	LOOK(1, 2, VA, READ, OK, OLD, 4),
};
/* The change came after the begin: this flush owes nothing for it, old and new are right. */
STREAM(good_change_in_flush_old) = { BEGIN(0), SET(OLD | RW, NEW | RW), END(0), READ(1, 4, OLD) };
STREAM(good_change_in_flush_new) = { BEGIN(0), SET(OLD | RW, NEW | RW), END(0), READ(1, 4, NEW) };
STREAM(bad_change_in_flush_neither) = {
	BEGIN(0),
	SET(OLD | RW, NEW | RW),
	END(0),
	READ(1, 4, NEW + PAGE),
};
STREAM(good_change_after_flush) = {
	SET(OLD | RW, NEW | RW), BEGIN(0),	  END(0),
	SET(NEW | RW, 0),	 READ(1, 4, NEW), LOOK(1, 1, VA, READ, NOT_PRESENT, 0, 6),
};
STREAM(bad_older_than_flush) = {
	SET(OLD | RW, NEW | RW), BEGIN(0), END(0), SET(NEW | RW, 0), READ(1, 4, OLD),
};
/* There and back before the flush: what was in between is over, too. */
STREAM(bad_in_between) = {
	SET(OLD | RW, NEW | RW), SET(NEW | RW, OLD | RW), BEGIN(0), END(0), READ(1, 6, NEW),
};
STREAM(good_there_and_back) = {
	SET(OLD | RW, NEW | RW), SET(NEW | RW, OLD | RW), BEGIN(0), END(0), READ(1, 6, OLD),
};
/* Two flushes: the one that began last counts, whichever ended first. */
STREAM(bad_second_flush_counts) = {
	SET(OLD | RW, NEW | RW), BEGIN(0), END(0), SET(NEW | RW, 0), BEGIN(0), END(0),
	READ(1, 8, NEW),
};
STREAM(good_only_first_ended) = {
	SET(OLD | RW, NEW | RW), BEGIN(0), END(0), SET(NEW | RW, 0), BEGIN(0), END(0),
	READ(1, 7, NEW),
};
STREAM(bad_overlapping_flushes) = {
	BEGIN(0), SET(OLD | RW, NEW | RW), BEGIN(2), END(2), END(0), READ(1, 6, OLD),
};
STREAM(good_later_one_not_ended) = {
	BEGIN(0), SET(OLD | RW, NEW | RW), BEGIN(2), END(0), READ(1, 5, OLD),
};
STREAM(bad_several) = {
	SET(OLD | RW, NEW | RW), BEGIN(0),	  END(0),
	READ(1, 4, OLD),	 READ(2, 4, OLD), READ(3, 4, NEW),
};

static void safe_times(void)
{
	static const struct expect cases[] = {
		CASE(good_no_flush, .checks = 0),
		CASE(good_flush_not_ended, .checks = 0),
		CASE(good_began_before_end, .flushes = 1, .checks = 0),
		CASE(good_flush_before_change, .flushes = 1, .checks = 0),
		CASE(good_end_of_nothing, .checks = 0),
		CASE(good_end_on_other_cpu, .checks = 0),
		CASE(good_never_changed, .flushes = 1, .checks = 0),
		CASE(good_other_page, .flushes = 1, .checks = 0),
		CASE(good_access_of_other_mm, .flushes = 1, .checks = 0),
		CASE(good_change_in_flush_old, .flushes = 1, .checks = 1),
		CASE(good_change_in_flush_new, .flushes = 1, .checks = 1),
		CASE(bad_change_in_flush_neither, .flushes = 1, .checks = 1, BAD),
		CASE(good_change_after_flush, .flushes = 1, .checks = 2),
		CASE(bad_older_than_flush, .flushes = 1, .checks = 1, BAD),
		CASE(bad_in_between, .flushes = 1, .checks = 1, BAD),
		CASE(good_there_and_back, .flushes = 1, .checks = 1),
		CASE(bad_second_flush_counts, .flushes = 2, .checks = 1, BAD),
		CASE(good_only_first_ended, .flushes = 2, .checks = 1),
		CASE(bad_overlapping_flushes, .flushes = 2, .checks = 1, BAD),
		CASE(good_later_one_not_ended, .flushes = 1, .checks = 1),
		CASE(bad_several, .flushes = 1, .checks = 3, .safe_bad = 2, .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

SUITE(unit_oracle_safe, false, { "remap, unmap, protect", safe_changes },
      { "before, during and after a flush", safe_times });
