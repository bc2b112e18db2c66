/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle, safe: which translations a flush covers, of which sizes. */
#include "stream.h"

/* A flush of [start, end) of an mm, and whether it bears upon a stale read of the page at VA. */
static void safe_extents(void)
{
	static const struct {
		const char *what;
		uint64_t mm, start, end;
		bool covers;
	} cases[] = {
		{ "the page", 1, VA, VA + PAGE, true },
		{ "more", 1, VA - 8 * PAGE, VA + 8 * PAGE, true },
		{ "from the start of the space", 1, 0, VA + PAGE, true },
		{ "everything", 1, 0, FULL, true },
		{ "everything from behind it", 1, VA + PAGE, FULL, true },
		{ "a byte at its start", 1, VA, VA + 1, true },
		{ "a byte at its end", 1, VA + PAGE - 1, VA + PAGE, true },
		{ "up to it", 1, VA - PAGE, VA, false },
		{ "from behind it", 1, VA + PAGE, VA + 2 * PAGE, false },
		{ "nothing", 1, 0, 0, false },
		{ "another mm", 2, VA, VA + PAGE, false },
		{ "another mm, everything", 2, 0, FULL, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct pvtlb_event stream[] = {
			SET(OLD | RW, NEW | RW),
			BEGIN_AT(0, cases[i].mm, cases[i].start, cases[i].end),
			END(0),
			READ(1, 4, OLD),
		};

		judge_stream(stream, NR_OF(stream), INTERRUPTS_ALL);
		EXPECT(found.safe.checks == cases[i].covers, "%s: checks", cases[i].what);
		EXPECT(found.safe.bad.total == cases[i].covers, "%s: bad", cases[i].what);
	}
}

#define LVA		    0x140000000000ull
#define SET_2M(old, new)    SET_AT(1, LVA, old, new, LARGE)
#define BEGIN_2M	    BEGIN_AT(0, 1, LVA, LVA + (1ull << LARGE))
#define READ_2M(off, value) LOOK(1, 1, LVA + (off), READ, OK, value, 4)

STREAM(good_large) = {
	SET_2M(OLD | RW, NEW | RW),
	BEGIN_2M,
	END(0),
	READ_2M(0, NEW),
	READ_2M(PAGE, NEW + PAGE),
	READ_2M(0x1ff123, NEW + 0x1ff000),
};
STREAM(bad_large) = {
	SET_2M(OLD | RW, NEW | RW), BEGIN_2M, END(0), READ_2M(0, OLD), READ_2M(PAGE, OLD + PAGE),
	READ_2M(0x1ff000, NEW),
};
/* The PAT bit of a large entry, bit 12, is no part of its address. */
STREAM(good_large_pat) = {
	SET_2M(OLD | RW, NEW | PAGE | RW),
	BEGIN_2M,
	END(0),
	READ_2M(0, NEW),
};
/* One page of it flushed is all of it flushed: there is one translation. */
STREAM(bad_large_partial) = {
	SET_2M(OLD | RW, NEW | RW),
	BEGIN_AT(0, 1, LVA + 5 * PAGE, LVA + 6 * PAGE),
	END(0),
	READ_2M(0x100000, OLD + 0x100000),
};
STREAM(good_large_beside) = {
	SET_2M(OLD | RW, NEW | RW),
	BEGIN_AT(0, 1, LVA + (1ull << LARGE), LVA + (1ull << 22)),
	END(0),
	READ_2M(0, OLD),
};
/* The change was told by an address in the middle. */
STREAM(bad_large_middle) = {
	SET_AT(1, LVA + 0x12345, OLD | RW, NEW | RW, LARGE),
	BEGIN_2M,
	END(0),
	READ_2M(0, OLD),
};
STREAM(good_bits_beyond_address) = {
	SET((1ull << 63) | OLD | RW, (1ull << 63) | NEW | RW),
	BEGIN(0),
	END(0),
	READ(1, 4, NEW),
};

static void safe_large(void)
{
	static const struct expect cases[] = {
		CASE(good_large, .flushes = 1, .checks = 3, .large = 3),
		CASE(bad_large, .flushes = 1, .checks = 3, .large = 3, .safe_bad = 3,
		     .violated = 1),
		CASE(good_large_pat, .flushes = 1, .checks = 1, .large = 1),
		CASE(bad_large_partial, .flushes = 1, .checks = 1, .large = 1, BAD),
		CASE(good_large_beside, .flushes = 1),
		CASE(bad_large_middle, .flushes = 1, .checks = 1, .large = 1, BAD),
		CASE(good_bits_beyond_address, .flushes = 1, .checks = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* A place that had small pages and now has a large one, and the other way round. */
STREAM(good_collapsed) = {
	SET_AT(1, LVA, OLD | RW, 0, 12),   BEGIN_2M, END(0), SET_2M(0, NEW | RW), BEGIN_2M, END(0),
	LOOK(1, 1, LVA, READ, OK, NEW, 8),
};
STREAM(bad_collapsed) = {
	SET_AT(1, LVA, OLD | RW, 0, 12),   BEGIN_2M, END(0), SET_2M(0, NEW | RW), BEGIN_2M, END(0),
	LOOK(1, 1, LVA, READ, OK, OLD, 8),
};
STREAM(good_split) = {
	SET_2M(OLD | RW, 0),
	BEGIN_2M,
	END(0),
	SET_AT(1, LVA + PAGE, 0, NEW | RW, 12),
	BEGIN_2M,
	END(0),
	LOOK(1, 1, LVA + PAGE, READ, OK, NEW, 8),
};
STREAM(bad_split) = {
	SET_2M(OLD | RW, 0),
	BEGIN_2M,
	END(0),
	SET_AT(1, LVA + PAGE, 0, NEW | RW, 12),
	BEGIN_2M,
	END(0),
	LOOK(1, 1, LVA + PAGE, READ, OK, OLD + PAGE, 8),
};

static void safe_mixed_sizes(void)
{
	static const struct expect cases[] = {
		CASE(good_collapsed),
		CASE(bad_collapsed, .safe_bad = 1),
		CASE(good_split),
		CASE(bad_split, .safe_bad = 1),
	};

	for (const struct expect *e = cases; e < cases + NR_OF(cases); e++) {
		judge_stream(e->event, e->nr, e->promise);
		AGREES(safe_bad, found.safe.bad.total);
		EXPECT(found.safe.checks > 0, "%s: not checked", e->name);
	}
}

SUITE(unit_oracle_extents, false, { "what a flush covers", safe_extents }, { "2 MiB", safe_large },
      { "sizes mixed at one place", safe_mixed_sizes });
