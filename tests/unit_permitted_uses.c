/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPUs may have cached: pages and tables given back, what CPUs say, and what was seen. */
#include "permitted_stream.h"

/* --- a data page is given back: page-early --- */

STREAM(bad_page_early) = { LOADED, UNMAP, GIVE_BACK(OLD) };
STREAM(good_page_flushed) = { LOADED, UNMAP, RELOAD(1), GIVE_BACK(OLD) };
STREAM(good_other_page) = { LOADED, UNMAP, GIVE_BACK(NEW) };
STREAM(bad_page_mapped) = { LOADED, GIVE_BACK(OLD) };
STREAM(bad_page_store_not_over) = { LOADED, STORE(0, 1, VA, OLD | RW, 0, 12), GIVE_BACK(OLD) };
STREAM(good_page_lazy) = { LOADED, LAZY(1, 1), UNMAP, GIVE_BACK(OLD) };
STREAM(bad_page_lazy_back) = { LOADED, LAZY(1, 1), UNMAP, GIVE_BACK(OLD), LOAD(1, 1) };
/* One cause: who was not reached by the flush is not told of again for the page. */
STREAM(bad_page_missed) = { LOADED, UNMAP, FLUSH(), GIVE_BACK(OLD), CALLED(1, 6) };

static const struct permit pages[] = {
	WRONG(PAGE_EARLY, 1, bad_page_early),
	RIGHT(good_page_flushed),
	RIGHT(good_other_page),
	WRONG(PAGE_EARLY, 0, bad_page_mapped),
	WRONG(PAGE_EARLY, 1, bad_page_store_not_over),
	RIGHT(good_page_lazy),
	WRONG(CAME_BACK, 1, bad_page_lazy_back),
	WRONG(MISSED_FLUSH, 1, bad_page_missed),
};

/* --- a table is put to another use: table-early --- */

#define HOOKED SPACES, HOOK(TABLE), STORED(0, 1, VA, LARGE), SWITCH(1, 1)
#define GONE   HOOKED, UNHOOK(TABLE)
STREAM(bad_table_early) = { GONE, FREE(TABLE) };
STREAM(good_table_flushed) = { GONE, RELOAD(1), FREE(TABLE) };
/* INVLPG takes what is cached of upper levels along, whatever its address. */
STREAM(good_table_invlpg) = { GONE, EV(1, INVLPG, 0), FREE(TABLE) };
STREAM(bad_table_lazy) = { HOOKED, LAZY(1, 1), UNHOOK(TABLE), FREE(TABLE) };
STREAM(good_table_away) = { HOOKED, EV(1, HELD, 5), UNHOOK(TABLE), FREE(TABLE) };
STREAM(bad_table_away_back) = {
	HOOKED, EV(1, HELD, 5), UNHOOK(TABLE), FREE(TABLE), EV(1, WAIT, 0, 0, 1),
};
/* Being off is no excuse for an mm: it was to be left before. */
STREAM(bad_table_down) = { HOOKED, EV(1, CPU_DOWN, 1), UNHOOK(TABLE), FREE(TABLE) };
/* It comes back to the mm in CR3, whatever it is about to load, and whether it is in a mask. */
STREAM(bad_table_away_leaves) = {
	HOOKED, EV(1, HELD, 5), UNHOOK(TABLE), FREE(TABLE), EV(1, RESUMED, 8), SWITCH(1, 2),
};
STREAM(good_table_away_flushed) = {
	HOOKED,	   EV(1, HELD, 5), UNHOOK(TABLE), FREE(TABLE), EV(1, RESUMED, 8),
	CR3(1, 1), SWITCH(1, 2),
};
/* It was held between CR3 and what it says of it. */
STREAM(good_table_away_left) = {
	HOOKED,	     CR3(1, 2),		EV(1, HELD, 6), UNHOOK(TABLE),
	FREE(TABLE), EV(1, RESUMED, 9), LOAD(1, 2),
};
STREAM(bad_table_deposited) = { GONE, DEPOSIT(TABLE) };
STREAM(bad_table_hooked) = { HOOKED, FREE(TABLE) };
STREAM(bad_table_final_only) = {
	GONE,
	EV(0, INVLPGB, VA | 1 | 16, 0, 0),
	EV(0, TLBSYNC, 0),
	FREE(TABLE),
};
STREAM(good_table_not_final_only) = {
	GONE,
	EV(0, INVLPGB, VA | 1, 0, 0),
	EV(0, TLBSYNC, 0),
	FREE(TABLE),
};
/* Left to mm 2: mm 1 may have neither the pointer to it nor the leaves below. */
STREAM(bad_table_left) = { GONE, OWN(TABLE, 2) };
STREAM(good_table_kept) = { GONE, OWN(TABLE, 1) };
STREAM(bad_leaf_left) = {
	SPACES,	      HOOK(TABLE),   STORED(0, 1, VA, LARGE), MAP,
	SWITCH(1, 1), UNHOOK(TABLE), EV(1, INVLPG, 0),	      OWN(TABLE, 2),
};
STREAM(bad_pgd_early) = { SPACES, SWITCH(1, 1), EV(0, MM, 1, 0) };
STREAM(good_pgd) = { SPACES, SWITCH(1, 1), SWITCH(1, 2), EV(0, MM, 1, 0) };
/* A new mm of the same number has nothing to do with the old one. */
STREAM(good_new_mm) = { LOADED, SWITCH(1, 2), EV(0, MM, 1, 0), SPACE(1), GIVE_BACK(OLD) };

/* An entry of the topmost table is in both of the mm's pgds, and is over when both are stored. */
#define IN_PGD(cpu, n) EV(cpu, PGD_STORED, 1, VA, PGD(1) + (n)*PAGE)
#define TOP	       SPACES, EV(0, TABLE_HOOK, 1, VA, TABLE, 1, 39), IN_PGD(0, 0), IN_PGD(0, 1)
#define TOP_HOOKED     TOP, STORED(0, 1, VA, 39), SWITCH(1, 1)
#define TOP_GONE(...)                                                                              \
	EV(0, TABLE_UNHOOK, 1, VA, TABLE, 1, 39), __VA_ARGS__, STORED(0, 1, VA, 39), RELOAD(1),    \
		FREE(TABLE)
STREAM(good_top_table) = { TOP_HOOKED, TOP_GONE(IN_PGD(0, 0), IN_PGD(0, 1)) };
STREAM(bad_top_table_one_pgd) = { TOP_HOOKED, TOP_GONE(IN_PGD(0, 0)) };
STREAM(bad_top_table_one_twice) = { TOP_HOOKED, TOP_GONE(IN_PGD(0, 1), IN_PGD(0, 1)) };
STREAM(bad_top_table_other_cpu) = { TOP_HOOKED, TOP_GONE(IN_PGD(0, 0), IN_PGD(2, 1)) };
/* Nobody tells of pgds. */
STREAM(good_top_table_untold) = {
	SPACES,
	EV(0, TABLE_HOOK, 1, VA, TABLE, 1, 39),
	STORED(0, 1, VA, 39),
	SWITCH(1, 1),
	EV(0, TABLE_UNHOOK, 1, VA, TABLE, 1, 39),
	STORED(0, 1, VA, 39),
	RELOAD(1),
	FREE(TABLE),
};

static const struct permit tables[] = {
	RIGHT(good_top_table),
	WRONG(TABLE_EARLY, 1, bad_top_table_one_pgd),
	WRONG(TABLE_EARLY, 1, bad_top_table_one_twice),
	WRONG(TABLE_EARLY, 1, bad_top_table_other_cpu),
	RIGHT(good_top_table_untold),
	WRONG(TABLE_EARLY, 1, bad_table_early),
	RIGHT(good_table_flushed),
	RIGHT(good_table_invlpg),
	WRONG(TABLE_EARLY, 1, bad_table_lazy),
	RIGHT(good_table_away),
	WRONG(CAME_BACK, 1, bad_table_away_back),
	WRONG(TABLE_EARLY, 1, bad_table_down),
	WRONG(CAME_BACK, 1, bad_table_away_leaves),
	RIGHT(good_table_away_flushed),
	RIGHT(good_table_away_left),
	WRONG(TABLE_EARLY, 1, bad_table_deposited),
	WRONG(TABLE_EARLY, 1, bad_table_hooked),
	WRONG(TABLE_EARLY, 1, bad_table_final_only),
	RIGHT(good_table_not_final_only),
	WRONG(TABLE_EARLY, 1, bad_table_left),
	RIGHT(good_table_kept),
	WRONG(TABLE_EARLY, 1, bad_leaf_left),
	WRONG(TABLE_EARLY, 1, bad_pgd_early),
	RIGHT(good_pgd),
	RIGHT(good_new_mm),
};

/* --- what CPUs say: not-done, tag-reused --- */

#define FUNC(how) EV(1, FLUSH_ENTER, 1, 2, 0), EV(1, FLUSH_FUNC, 1, 2, PVTLB_FLUSHED_##how)
#define DID(what, how)                                                                             \
	EV(1, FLUSH_ENTER, 1, 2, 0), what, EV(1, FLUSH_FUNC, 1, 2, PVTLB_FLUSHED_##how)
STREAM(bad_not_switched) = { LOADED, LOAD(1, 2) };
STREAM(good_to_the_kernel) = { LOADED, CR3(1, 9), LOAD(1, 0) };
STREAM(bad_to_the_kernel) = { LOADED, LOAD(1, 0) };
STREAM(bad_lazy_in_other) = { LOADED, LAZY(1, 2) };
STREAM(bad_lazy_stays) = { LOADED, LAZY(1, 1), FUNC(LAZY) };
STREAM(good_lazy_left) = { LOADED, LAZY(1, 1), DID(CR3(1, 9), LAZY) };
STREAM(bad_full) = { LOADED, FUNC(FULL) };
STREAM(good_full) = { LOADED, DID(CR3(1, 1), FULL) };
STREAM(bad_full_kept) = { LOADED, DID(CR3_OF(1, 1, 0, KEEPS), FULL) };
STREAM(bad_partial) = { LOADED, FUNC(PARTIAL) };
STREAM(good_partial) = { LOADED, DID(EV(1, INVLPG, VA), PARTIAL) };
STREAM(bad_not_loaded) = { LOADED, FUNC(NOT_LOADED) };
STREAM(good_not_loaded) = { LOADED, SWITCH(1, 2), FUNC(NOT_LOADED) };
STREAM(bad_adopted) = { LOADED, EV(0, ASID, 1, 1, 0), EV(0, ASID, 1, 0, 5) };
STREAM(good_adopted) = { LOADED, EV(0, ASID, 1, 1, 0), CR3_OF(1, 1, 5, EVERYTHING),
			 EV(0, ASID, 1, 0, 5) };
STREAM(good_none_to_adopt) = { LOADED, EV(0, ASID, 1, 1, 0), EV(0, ASID, 1, 0, 0) };
#define SERVES EV(0, SERVE, PGD(1), ONE(2)), TOLD(0, 2)
STREAM(bad_served_and_goes_on) = { LOADED, SERVES, EV(1, WAIT, 0, 0, 1) };
STREAM(good_served_and_goes_on) = { LOADED, SERVES, EV(1, FLUSHED, 1), EV(1, WAIT, 0, 0, 1) };
STREAM(good_served_quickly) = {
	LOADED, EV(0, SERVE, PGD(1), ONE(2)), EV(1, FLUSHED, 1), TOLD(0, 2), EV(1, WAIT, 0, 0, 1),
};
STREAM(good_served_and_held) = { LOADED, SERVES, EV(1, HELD, 6), EV(1, RESUMED, 7) };
STREAM(bad_tag_reused) = {
	SPACES,
	SWITCH_OF(1, 1, 3, OF_TAG),
	SWITCH_OF(1, 0, 0, OF_TAG),
	SWITCH_OF(1, 2, 3, KEEPS),
};
STREAM(good_tag_flushed) = {
	SPACES,
	SWITCH_OF(1, 1, 3, OF_TAG),
	SWITCH_OF(1, 0, 0, OF_TAG),
	SWITCH_OF(1, 2, 3, OF_TAG),
};
STREAM(good_tag_kept) = {
	SPACES,
	SWITCH_OF(1, 1, 3, OF_TAG),
	SWITCH_OF(1, 2, 4, OF_TAG),
	SWITCH_OF(1, 1, 3, KEEPS),
};
/* The number is the same, the mm is not. */
STREAM(bad_tag_of_dead_mm) = {
	SPACES,	  SWITCH_OF(1, 1, 3, OF_TAG), SWITCH_OF(1, 2, 4, OF_TAG), EV(0, MM, 1, 0),
	SPACE(1), SWITCH_OF(1, 1, 3, KEEPS),
};

static const struct permit sayings[] = {
	WRONG(NOT_DONE, 1, bad_not_switched),
	RIGHT(good_to_the_kernel),
	WRONG(NOT_DONE, 1, bad_to_the_kernel),
	WRONG(NOT_DONE, 1, bad_lazy_in_other),
	WRONG(NOT_DONE, 1, bad_lazy_stays),
	RIGHT(good_lazy_left),
	WRONG(NOT_DONE, 1, bad_full),
	RIGHT(good_full),
	WRONG(NOT_DONE, 1, bad_full_kept),
	WRONG(NOT_DONE, 1, bad_partial),
	RIGHT(good_partial),
	WRONG(NOT_DONE, 1, bad_not_loaded),
	RIGHT(good_not_loaded),
	WRONG(NOT_DONE, 0, bad_adopted),
	RIGHT(good_adopted),
	RIGHT(good_none_to_adopt),
	WRONG(NOT_DONE, 1, bad_served_and_goes_on),
	RIGHT(good_served_and_goes_on),
	RIGHT(good_served_quickly),
	RIGHT(good_served_and_held),
	WRONG(TAG_REUSED, 1, bad_tag_reused),
	RIGHT(good_tag_flushed),
	RIGHT(good_tag_kept),
	WRONG(TAG_REUSED, 1, bad_tag_of_dead_mm),
};

/* --- what was seen: model-fault --- */

#define SAW(since, page)     READ(1, since, page)
#define NOTHING_THERE(since) LOOK(1, 1, VA, READ, NOT_PRESENT, 0, since)
STREAM(good_seen) = { LOADED, SAW(6, OLD) };
STREAM(bad_seen) = { LOADED, SAW(6, NEW) };
STREAM(good_seen_blind) = { LOADED, SAW(6, NEW) };
STREAM(good_seen_old) = { LOADED, UNMAP, SAW(8, OLD) };
STREAM(good_seen_gone) = { LOADED, UNMAP, NOTHING_THERE(8) };
STREAM(bad_seen_gone) = { LOADED, NOTHING_THERE(6) };
STREAM(bad_seen_flushed) = { LOADED, UNMAP, RELOAD(1), SAW(10, OLD) };
STREAM(good_seen_flushed_meanwhile) = { LOADED, UNMAP, RELOAD(1), SAW(8, OLD) };
STREAM(good_seen_stored_meanwhile) = { LOADED, UNMAP, RELOAD(1), MAP, NOTHING_THERE(10) };
STREAM(bad_written) = { SPACES, SET(0, OLD | RO), SWITCH(1, 1), WRITE(1, 6, OLD) };
STREAM(good_other_mm_loaded) = { LOADED, SWITCH(1, 2), SAW(8, NEW) };
/* Through what is cached of the table that was there before. */
STREAM(good_seen_below_old_table) = { HOOKED, UNHOOK(TABLE), MAP, NOTHING_THERE(11) };

/* A store is under way: announced before the look, over only behind it. */
#define STORING(old, new) STORE(0, 1, VA, old, new, 12)
STREAM(good_seen_before_store) = { SPACES, SWITCH(1, 1), STORING(0, OLD | RW), NOTHING_THERE(5) };
STREAM(good_seen_storing) = { SPACES, SWITCH(1, 1), STORING(0, OLD | RW), SAW(5, OLD) };
STREAM(good_seen_unstoring) = { LOADED, STORING(OLD | RW, 0), NOTHING_THERE(7) };
STREAM(bad_seen_storing) = { SPACES, SWITCH(1, 1), STORING(0, OLD | RW), SAW(5, NEW) };

static const struct permit looks[] = {
	RIGHT(good_seen),
	WRONG(MODEL_FAULT, 1, bad_seen),
	RIGHT(good_seen_blind, .no_look = true),
	RIGHT(good_seen_old),
	RIGHT(good_seen_gone),
	WRONG(MODEL_FAULT, 1, bad_seen_gone),
	WRONG(MODEL_FAULT, 1, bad_seen_flushed),
	RIGHT(good_seen_flushed_meanwhile),
	RIGHT(good_seen_stored_meanwhile),
	WRONG(MODEL_FAULT, 1, bad_written),
	RIGHT(good_other_mm_loaded),
	RIGHT(good_seen_below_old_table),
	RIGHT(good_seen_before_store),
	RIGHT(good_seen_storing),
	RIGHT(good_seen_unstoring),
	WRONG(MODEL_FAULT, 1, bad_seen_storing),
};

static void a_page(void)
{
	expect_permits(pages, NR_OF(pages));
}

static void a_table(void)
{
	expect_permits(tables, NR_OF(tables));
}

static void said(void)
{
	expect_permits(sayings, NR_OF(sayings));
}

static void seen(void)
{
	expect_permits(looks, NR_OF(looks));
}

SUITE(unit_permitted_uses, false, { "a page is given back", a_page },
      { "a table is put to another use", a_table }, { "what CPUs say", said },
      { "what is seen through the hardware", seen });
