/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPUs may have cached: flushes that return, calls that return, and who comes back later. */
#include "permitted_stream.h"

/* --- a flush returns: missed-flush --- */

STREAM(bad_not_reached) = { LOADED, UNMAP, FLUSH() };
STREAM(good_reached) = { LOADED, UNMAP, FLUSH(RELOAD(1), ) };
STREAM(good_invlpg) = { LOADED, UNMAP, FLUSH(EV(1, INVLPG, VA), ) };
STREAM(bad_invlpg_elsewhere) = { LOADED, UNMAP, FLUSH(EV(1, INVLPG, VA + PAGE), ) };
STREAM(bad_invlpg_by_other) = { LOADED, UNMAP, FLUSH(EV(2, INVLPG, VA), ) };
/* The store was not known to be over: the flush may have been in front of it. */
STREAM(bad_invlpg_too_soon) = {
	LOADED, STORE(0, 1, VA, OLD | RW, 0, 12), EV(1, INVLPG, VA), STORED(0, 1, VA, 12), FLUSH(),
};
STREAM(good_store_not_over) = { LOADED, STORE(0, 1, VA, OLD | RW, 0, 12), FLUSH() };
STREAM(good_stored_meanwhile) = {
	LOADED, STORE(0, 1, VA, OLD | RW, 0, 12), BEGIN(0), STORED(0, 1, VA, 12), END(0),
};
STREAM(good_other_range) = { LOADED, UNMAP, BEGIN_AT(0, 1, VA + PAGE, VA + 2 * PAGE), END(0) };
STREAM(good_other_mm) = { LOADED, UNMAP, BEGIN_AT(0, 2, 0, FULL), END(0) };
STREAM(good_loaded_later) = { SPACES, MAP, UNMAP, SWITCH(1, 1), FLUSH() };
STREAM(good_loaded_nowhere) = { SPACES, MAP, UNMAP, FLUSH() };
/* Of a CPU that has never said what is in its CR3 nothing is known. */
STREAM(good_unknown_cpu) = { SPACES, MAP, LOAD(1, 1), UNMAP, FLUSH() };
STREAM(good_more_rights) = {
	SPACES, SET(0, OLD | RO), SWITCH(1, 1), SET(OLD | RO, OLD | RW), FLUSH(),
};
STREAM(bad_fewer_rights) = { LOADED, SET(OLD | RW, OLD | RO), FLUSH() };
STREAM(good_same_again) = { LOADED, UNMAP, MAP, FLUSH() };
STREAM(bad_other_page) = { LOADED, SET(OLD | RW, NEW | RW), FLUSH() };
#define OTHERS EV(0, FLUSH_ONLY, ONE(1))
STREAM(good_for_others) = { LOADED, UNMAP, FLUSH(OTHERS, ) };
STREAM(bad_for_it) = { LOADED, UNMAP, FLUSH(EV(0, FLUSH_ONLY, ONE(2)), ) };
/* A table goes with all that it maps. */
#define TABLE_OF EV(0, TABLE_HOOK, 1, VA, TABLE, 1, LARGE), STORED(0, 1, VA, LARGE)
STREAM(bad_with_its_table) = { TABLE_OF, LOADED, UNHOOK(TABLE), FLUSH() };
/* A shared table's entry is the same in both: who has the other one loaded may have it, too. */
#define GIB	  30
#define SHARE(mm) EV(0, TABLE_HOOK, mm, VA, TABLE, 1, GIB), STORED(0, mm, VA, GIB)
#define SHARED	  SPACES, SHARE(1), SHARE(2)
#define LEAF	  SET_AT(1, VA, 0, OLD | RW, LARGE)
STREAM(bad_shared) = {
	SHARED, LEAF, SWITCH(1, 2), SET_AT(1, VA, OLD | RW, 0, LARGE), BEGIN_AT(0, 2, 0, FULL),
	END(0),
};
STREAM(good_not_shared) = {
	SPACES,
	SHARE(1),
	LEAF,
	SWITCH(1, 2),
	SET_AT(1, VA, OLD | RW, 0, LARGE),
	BEGIN_AT(0, 2, 0, FULL),
	END(0),
};

static const struct permit flushes[] = {
	WRONG(MISSED_FLUSH, 1, bad_not_reached),
	RIGHT(good_reached),
	RIGHT(good_invlpg),
	WRONG(MISSED_FLUSH, 1, bad_invlpg_elsewhere),
	WRONG(MISSED_FLUSH, 1, bad_invlpg_by_other),
	WRONG(MISSED_FLUSH, 1, bad_invlpg_too_soon),
	RIGHT(good_store_not_over),
	RIGHT(good_stored_meanwhile),
	RIGHT(good_other_range),
	RIGHT(good_other_mm),
	RIGHT(good_loaded_later),
	RIGHT(good_loaded_nowhere),
	RIGHT(good_unknown_cpu),
	RIGHT(good_more_rights),
	WRONG(MISSED_FLUSH, 1, bad_fewer_rights),
	RIGHT(good_same_again),
	WRONG(MISSED_FLUSH, 1, bad_other_page),
	RIGHT(good_for_others),
	WRONG(MISSED_FLUSH, 1, bad_for_it),
	WRONG(MISSED_FLUSH, 1, bad_with_its_table),
	WRONG(MISSED_FLUSH, 1, bad_shared),
	RIGHT(good_not_shared),
};

/* --- between CR3 and SWITCH_MM a CPU has both: next, and prev under prev's tag --- */

STREAM(bad_mid_switch) = { LOADED, UNMAP, CR3(1, 2), FLUSH() };
STREAM(good_switched) = { LOADED, UNMAP, CR3(1, 2), LOAD(1, 2), FLUSH() };
/* An upcall may come between the event and the instruction. */
STREAM(bad_mid_switch_pended) = { LOADED, UNMAP, CR3(1, 2), EV(1, IRQ_PEND, 0xfc), FLUSH() };
STREAM(bad_back_again) = { LOADED, SWITCH(1, 2), SWITCH(1, 1), UNMAP, FLUSH() };
#define TAGGED	    SPACES, MAP, SWITCH_OF(1, 1, 5, OF_TAG)
#define SYNCED(tag) EV(0, INVLPGB, VA | 3, 0, (tag) << 16), EV(0, TLBSYNC, 0),
STREAM(good_mid_switch_by_tag) = { TAGGED, UNMAP, CR3_OF(1, 2, 6, OF_TAG), FLUSH(SYNCED(5)) };
STREAM(bad_mid_switch_other_tag) = { TAGGED, UNMAP, CR3_OF(1, 2, 6, OF_TAG), FLUSH(SYNCED(6)) };

static const struct permit switches[] = {
	WRONG(MISSED_FLUSH, 1, bad_mid_switch),
	RIGHT(good_switched),
	WRONG(MISSED_FLUSH, 1, bad_mid_switch_pended),
	WRONG(MISSED_FLUSH, 1, bad_back_again),
	RIGHT(good_mid_switch_by_tag),
	WRONG(MISSED_FLUSH, 1, bad_mid_switch_other_tag),
};

/* --- a call returns: unflushed --- */

STREAM(bad_no_flush) = { LOADED, UNMAP, CALLED(1, 6) };
STREAM(good_flushed_call) = { LOADED, UNMAP, FLUSH(RELOAD(1), ), CALLED(1, 6) };
/* Told of once, by the flush that missed it. */
STREAM(bad_missed_and_called) = { LOADED, UNMAP, FLUSH(), CALLED(1, 6) };
#define BY_OTHER STORE(2, 1, VA, OLD | RW, 0, 12), STORED(2, 1, VA, 12)
STREAM(bad_others_before) = { LOADED, BY_OTHER, CALLED(1, 9) };
STREAM(good_others_meanwhile) = { LOADED, BY_OTHER, CALLED(1, 6) };
STREAM(good_other_call) = { LOADED, UNMAP, CALLED(2, 6) };
/* What others have cleared in a gather, and not flushed, when the call asks for gathers: all of it.
 */
#define GATHERS(cpu, mm) EV(cpu, GATHERING, mm, false)
#define ASKS(cpu, mm)	 EV(cpu, GATHERING, mm, true)
STREAM(bad_others_gather) = {
	LOADED, GATHERS(0, 1), GATHERS(2, 1), BY_OTHER, ASKS(0, 1), CALLED(1, 6),
};
STREAM(good_others_gather_nested) = {
	LOADED,	    GATHERS(0, 1),	GATHERS(2, 1), BY_OTHER,
	ASKS(0, 1), FLUSH(RELOAD(1), ), CALLED(1, 6),
};
STREAM(good_others_gather_later) = {
	LOADED, GATHERS(0, 1), GATHERS(2, 1), ASKS(0, 1), BY_OTHER, CALLED(1, 6),
};
STREAM(good_others_gather_mm) = {
	LOADED, GATHERS(0, 1), GATHERS(2, 2), BY_OTHER, ASKS(0, 1), CALLED(1, 6),
};
STREAM(good_others_no_gather) = { LOADED, GATHERS(0, 1), BY_OTHER, ASKS(0, 1), CALLED(1, 6) };
STREAM(good_others_gather_over) = {
	LOADED, GATHERS(0, 1), GATHERS(2, 1), ASKS(2, 1), BY_OTHER, ASKS(0, 1), CALLED(1, 6),
};
/* It asked for gathers of another mm, or in the call before this one. */
STREAM(good_asked_of_other_mm) = {
	LOADED, GATHERS(0, 2), GATHERS(2, 1), BY_OTHER, ASKS(0, 2), CALLED(1, 6),
};
STREAM(good_asked_before) = {
	LOADED, GATHERS(0, 1), ASKS(0, 1), GATHERS(2, 1), BY_OTHER, CALLED(1, 8),
};
/* The other one allowed more, for which no flush is owed; and then less, after it was asked. */
#define ALLOWS STORE(2, 1, VA, OLD | RO, OLD | RW, 12), STORED(2, 1, VA, 12)
STREAM(good_others_gather_allows) = {
	SPACES, SET(0, OLD | RO), SWITCH(1, 1), GATHERS(0, 1), GATHERS(2, 1),
	ALLOWS, ASKS(0, 1),	  BY_OTHER,	CALLED(1, 6),
};

static const struct permit calls[] = {
	WRONG(UNFLUSHED, 1, bad_no_flush),
	RIGHT(good_flushed_call),
	WRONG(MISSED_FLUSH, 1, bad_missed_and_called),
	WRONG(UNFLUSHED, 1, bad_others_before),
	RIGHT(good_others_meanwhile),
	RIGHT(good_other_call),
	WRONG(UNFLUSHED, 1, bad_others_gather),
	RIGHT(good_others_gather_nested),
	RIGHT(good_others_gather_later),
	RIGHT(good_others_gather_mm),
	RIGHT(good_others_no_gather),
	RIGHT(good_others_gather_over),
	RIGHT(good_asked_of_other_mm),
	RIGHT(good_asked_before),
	RIGHT(good_others_gather_allows),
};

/* --- excused, and back: came-back --- */

#define IDLE LOADED, LAZY(1, 1), UNMAP, FLUSH()
STREAM(good_lazy) = { IDLE };
STREAM(bad_lazy_back) = { IDLE, LOAD(1, 1) };
STREAM(good_lazy_caught_up) = { IDLE, CR3(1, 1), LOAD(1, 1) };
STREAM(good_lazy_to_other) = { IDLE, SWITCH(1, 2) };
/* Nobody had said that it had to be gone. */
STREAM(good_lazy_not_due) = { LOADED, LAZY(1, 1), UNMAP, LOAD(1, 1) };
#define AWAY LOADED, EV(1, HELD, 6), UNMAP, FLUSH()
#define RUNS EV(1, RESUMED, 9), EV(1, WAIT, 0, 0, 1)
STREAM(good_away) = { AWAY };
STREAM(bad_away_back) = { AWAY, RUNS };
STREAM(good_away_deferred) = {
	AWAY, EV(1, DEFERRED, 3), EV(1, RESUMED, 9), EV(1, FLUSHED, 1), EV(1, WAIT, 0, 0, 1),
};
STREAM(good_away_serves) = { AWAY, EV(1, RESUMED, 9), EV(1, FLUSHED, 1) };
/* Under a tag that is not loaded: it has it when it loads it again. */
#define ASIDE SPACES, MAP, SWITCH_OF(1, 1, 1, OF_TAG), SWITCH_OF(1, 2, 2, OF_TAG), UNMAP, FLUSH()
STREAM(good_aside) = { ASIDE };
/* Stored, and gone again, while the tag is not loaded: nothing walked to it under the tag. */
#define LEFT SPACES, SWITCH_OF(1, 1, 1, OF_TAG), SWITCH_OF(1, 2, 2, OF_TAG)
STREAM(good_aside_later) = { LEFT, MAP, UNMAP, FLUSH(), SWITCH_OF(1, 1, 1, KEEPS) };
/* CR3's load is not over while nothing is heard of the CPU: it may walk there yet. */
STREAM(bad_aside_loading) = {
	SPACES,	 SWITCH_OF(1, 1, 1, OF_TAG), CR3_OF(1, 2, 2, OF_TAG), MAP, LOAD(1, 2), UNMAP,
	FLUSH(), SWITCH_OF(1, 1, 1, KEEPS),
};
STREAM(good_aside_flushed) = { ASIDE, SWITCH_OF(1, 1, 1, OF_TAG) };
STREAM(bad_aside_kept) = { ASIDE, SWITCH_OF(1, 1, 1, KEEPS) };
STREAM(good_aside_all_gone) = { ASIDE, CR3(1, 2), LOAD(1, 2), SWITCH_OF(1, 1, 1, KEEPS) };
STREAM(good_aside_not_due) = {
	SPACES,
	MAP,
	SWITCH_OF(1, 1, 1, OF_TAG),
	SWITCH_OF(1, 2, 2, OF_TAG),
	SWITCH_OF(1, 1, 1, KEEPS),
};

static const struct permit comings[] = {
	RIGHT(good_lazy),
	WRONG(CAME_BACK, 1, bad_lazy_back),
	RIGHT(good_lazy_caught_up),
	RIGHT(good_lazy_to_other),
	RIGHT(good_lazy_not_due),
	RIGHT(good_away),
	WRONG(CAME_BACK, 1, bad_away_back),
	RIGHT(good_away_deferred),
	RIGHT(good_away_serves),
	RIGHT(good_aside),
	RIGHT(good_aside_flushed),
	RIGHT(good_aside_later),
	WRONG(CAME_BACK, 1, bad_aside_loading),
	WRONG(CAME_BACK, 1, bad_aside_kept),
	RIGHT(good_aside_all_gone),
	RIGHT(good_aside_not_due),
};

static void a_flush(void)
{
	expect_permits(flushes, NR_OF(flushes));
}

static void a_switch(void)
{
	expect_permits(switches, NR_OF(switches));
}

static void a_call(void)
{
	expect_permits(calls, NR_OF(calls));
}

static void coming_back(void)
{
	expect_permits(comings, NR_OF(comings));
}

SUITE(unit_permitted_flushes, false, { "a flush returns", a_flush },
      { "a CPU in the middle of a switch", a_switch }, { "a call returns", a_call },
      { "who was excused comes back", coming_back });
