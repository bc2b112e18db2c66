/* SPDX-License-Identifier: GPL-2.0-only */
/* The checks of a flush that the pvtlb backend is asked for: every rule from both sides. */
#include <stdlib.h>
#include <string.h>

#include "pv/pvtlb.h"
#include "pvtlb/call.h"
#include "unit_util.h"

#define CPUS 5u
#define RAM  0x4000000ull
#define PAGE PVTLB_PAGE_SIZE
#define ALL  PVTLB_FLUSH_ALL_PAGES
#define ANY  PVTLB_FLUSH_ALL_SPACES

#define BAD   (-PVTLB_EINVAL)
#define RANGE (-PVTLB_ERANGE)

/* A flush request as it lies in a payload: the ABI's layout once more, with all its ranges. */
struct request {
	uint32_t flags, nr_ranges;
	gpa_t space;
	uint8_t cpus[32];
	struct pvtlb_flush_range range[PVTLB_FLUSH_MAX_RANGES + 1];
};
#define FIXED offsetof(struct request, range)
#define EACH  sizeof(struct pvtlb_flush_range)
_Static_assert(sizeof(struct pvtlb_flush) == 48 && FIXED == 48 && EACH == 16, "not the ABI");

static int64_t check(const struct request *r, uint32_t len, unsigned int cpus, uint64_t ram)
{
	uint8_t *payload = malloc(len + 1);
	struct pvtlb_flush out;
	int64_t status;

	memcpy(payload + 1, r, len < sizeof(*r) ? len : sizeof(*r));
	status = pvtlb_check_flush(payload + 1, len, cpus, ram, &out);
	if (!status && memcmp(&out, r, FIXED))
		status = 1; /* accepted something else than was asked */
	free(payload);
	return status;
}

static void flush_header(void)
{
	static const struct {
		const char *what;
		uint32_t flags, nr;
		gpa_t space;
		int32_t len_off;
		int64_t want;
	} cases[] = {
		{ "one range", 0, 1, PAGE, 0, PVTLB_OK },
		{ "all pages", ALL, 0, PAGE, 0, PVTLB_OK },
		{ "all spaces, one range", ANY, 1, 0, 0, PVTLB_OK },
		{ "everything", ALL | ANY, 0, 0, 0, PVTLB_OK },
		{ "flag 2", 4, 1, PAGE, 0, BAD },
		{ "flag 2 with all", 4 | ALL, 0, PAGE, 0, BAD },
		{ "flag 31", 1u << 31, 1, PAGE, 0, BAD },
		{ "all flags", UINT32_MAX, 0, 0, 0, BAD },
		{ "all pages and a range", ALL, 1, PAGE, 0, BAD },
		{ "no ranges, not all pages", 0, 0, PAGE, 0, BAD },
		{ "all spaces, no ranges", ANY, 0, 0, 0, BAD },
		{ "all spaces with a space", ANY, 1, PAGE, 0, BAD },
		{ "everything with a space", ALL | ANY, 0, PAGE, 0, BAD },
		{ "everything with space 1", ALL | ANY, 0, 1, 0, BAD },
		{ "space 0", 0, 1, 0, 0, RANGE },
		{ "space not aligned", 0, 1, PAGE + 1, 0, BAD },
		{ "space with flags in it", 0, 1, PAGE + 0x18, 0, BAD },
		{ "space off by half a page", 0, 1, PAGE + PAGE / 2, 0, BAD },
		{ "last page of RAM", 0, 1, RAM - PAGE, 0, PVTLB_OK },
		{ "first beyond RAM", 0, 1, RAM, 0, RANGE },
		{ "far beyond RAM", 0, 1, 1ull << 51, 0, RANGE },
		{ "top page", 0, 1, -PAGE, 0, RANGE },
		{ "not aligned beyond RAM", 0, 1, RAM + 8, 0, BAD },
		{ "64 ranges", 0, 64, PAGE, 0, PVTLB_OK },
		{ "65 ranges", 0, 65, PAGE, 0, BAD },
		{ "65 ranges, len of 64", 0, 65, PAGE, -16, BAD },
		{ "64 ranges, len of 65", 0, 64, PAGE, 16, BAD },
		{ "len - 1", 0, 1, PAGE, -1, BAD },
		{ "len + 1", 0, 1, PAGE, 1, BAD },
		{ "len without the range", 0, 1, PAGE, -16, BAD },
		{ "len with one range more", 0, 1, PAGE, 16, BAD },
		{ "all pages, len - 1", ALL, 0, PAGE, -1, BAD },
		{ "all pages, len + 1", ALL, 0, PAGE, 1, BAD },
		{ "all pages, len of a range more", ALL, 0, PAGE, 16, BAD },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct request r = { .flags = cases[i].flags,
				     .nr_ranges = cases[i].nr,
				     .space = cases[i].space };
		int64_t got;

		for (size_t n = 0; n < NR_OF(r.range); n++)
			r.range[n] = (struct pvtlb_flush_range){ n * PAGE, (n + 1) * PAGE };
		got = check(&r, FIXED + cases[i].nr * EACH + cases[i].len_off, CPUS, RAM);
		EXPECT(got == cases[i].want, "%s: %lld", cases[i].what, (long long)got);
	}
}

/* No length, however short, makes the check read what is not there (ASan would tell). */
static void flush_lengths(void)
{
	struct request r = { .flags = ALL, .space = PAGE };
	unsigned int accepted = 0;

	for (uint32_t len = 0; len < 4 * FIXED; len++)
		accepted += !check(&r, len, CPUS, RAM);
	CU_ASSERT_EQUAL(accepted, 1);
	/* A number of ranges whose bytes are 0 in 32 bits. */
	r.flags = 0;
	r.nr_ranges = 1u << 28;
	CU_ASSERT_EQUAL(check(&r, FIXED, CPUS, RAM), BAD);
	r.nr_ranges = UINT32_MAX;
	CU_ASSERT_EQUAL(check(&r, FIXED - EACH, CPUS, RAM), BAD);
}

static void flush_ranges(void)
{
	static const struct {
		const char *what;
		struct pvtlb_flush_range range;
		int64_t want;
	} cases[] = {
		{ "one page", { PAGE, 2 * PAGE }, PVTLB_OK },
		{ "page 0", { 0, PAGE }, PVTLB_OK },
		{ "empty", { PAGE, PAGE }, BAD },
		{ "empty at 0", { 0, 0 }, BAD },
		{ "backwards", { 2 * PAGE, PAGE }, BAD },
		{ "start not aligned", { PAGE + 1, 2 * PAGE }, BAD },
		{ "end not aligned", { PAGE, 2 * PAGE - 1 }, BAD },
		{ "both not aligned", { PAGE + 8, 2 * PAGE + 8 }, BAD },
		{ "within a page", { PAGE, PAGE + 1 }, BAD },
		{ "up to the hole", { 0x00007ffffffff000, 0x0000800000000000 }, PVTLB_OK },
		{ "the whole lower half", { 0, 0x0000800000000000 }, PVTLB_OK },
		{ "into the hole", { 0x00007ffffffff000, 0x0000800000001000 }, BAD },
		{ "in the hole", { 0x0000800000000000, 0x0000800000001000 }, BAD },
		{ "up to the upper half", { 0xffff7ffffffff000, 0xffff800000000000 }, BAD },
		{ "from the hole up", { 0xffff7ffffffff000, 0xffff800000001000 }, BAD },
		{ "first of the upper half", { 0xffff800000000000, 0xffff800000001000 }, PVTLB_OK },
		{ "across the hole", { 0x00007ffffffff000, 0xffff800000001000 }, BAD },
		{ "across all of it", { 0, 0xfffffffffffff000 }, BAD },
		{ "last page but one", { 0xffffffffffffe000, 0xfffffffffffff000 }, PVTLB_OK },
		{ "last page: its end is 0", { 0xfffffffffffff000, 0 }, BAD },
		{ "upper half: its end is 0", { 0xffff800000000000, 0 }, BAD },
		{ "wraps", { 0xfffffffffffff000, PAGE }, BAD },
		{ "to the last byte", { 0xfffffffffffff000, UINT64_MAX }, BAD },
		{ "the largest numbers", { UINT64_MAX, UINT64_MAX }, BAD },
	};
	static const uint32_t counts[] = { 1, 2, 63, 64 };

	for (size_t i = 0; i < NR_OF(cases); i++) {
		for (size_t c = 0; c < NR_OF(counts); c++) {
			struct request r = { .nr_ranges = counts[c], .space = PAGE };

			/* Last, so that checking the first only is not enough. */
			for (size_t n = 0; n < counts[c]; n++)
				r.range[n] = (struct pvtlb_flush_range){ PAGE, 2 * PAGE };
			r.range[counts[c] - 1] = cases[i].range;
			EXPECT(check(&r, FIXED + counts[c] * EACH, CPUS, RAM) == cases[i].want,
			       "%s, %u of them", cases[i].what, counts[c]);
		}
	}
}

/* One bit at a time, by its place in memory: it exists in machines of more than n CPUs only. */
static void flush_cpus(void)
{
	static const unsigned int machines[] = { 1, 2, 5, 63, 64, 65, 128, 254, 255 };
	struct request r = { .flags = ALL, .space = PAGE };

	for (size_t m = 0; m < NR_OF(machines); m++) {
		memset(r.cpus, 0, sizeof(r.cpus));
		EXPECT(check(&r, FIXED, machines[m], RAM) == PVTLB_OK, "empty set");
		for (unsigned int n = 0; n < 256; n++) {
			int64_t want = n < machines[m] ? PVTLB_OK : RANGE;

			memset(r.cpus, 0, sizeof(r.cpus));
			r.cpus[n / 8] = 1u << (n % 8);
			EXPECT(check(&r, FIXED, machines[m], RAM) == want, "CPU %u of %u", n,
			       machines[m]);
		}
		memset(r.cpus, 0, sizeof(r.cpus));
		for (unsigned int n = 0; n < machines[m]; n++)
			r.cpus[n / 8] |= 1u << (n % 8);
		EXPECT(check(&r, FIXED, machines[m], RAM) == PVTLB_OK, "all %u", machines[m]);
	}
	memset(r.cpus, 0xff, sizeof(r.cpus));
	CU_ASSERT_EQUAL(check(&r, FIXED, PVTLB_MAX_CPUS, RAM), RANGE);
}

/*
 * The rules once more, said in another way: addresses as page numbers of 52 bits, the address
 * space as two intervals of them.
 */
static bool page_range_allowed(uint64_t first, uint64_t last)
{
	bool low = last < 1ull << 35;
	bool high = first >= (1ull << 52) - (1ull << 35);

	return first <= last && (low || high);
}

static bool range_allowed(const struct pvtlb_flush_range *r)
{
	if ((r->start & 0xfff) || (r->end & 0xfff) || !r->end)
		return false;
	return page_range_allowed(r->start >> 12, (r->end >> 12) - 1);
}

static bool allowed(const struct request *r, uint32_t len, unsigned int cpus, uint64_t ram)
{
	bool all_spaces = r->flags & 1, all_pages = r->flags & 2;

	if (len < 48 || r->flags > 3)
		return false;
	if (all_pages ? r->nr_ranges != 0 : r->nr_ranges < 1 || r->nr_ranges > 64)
		return false;
	if (len != 48 + 16 * r->nr_ranges)
		return false;
	if (all_spaces ? r->space != 0
		       : !r->space || (r->space & 0xfff) || r->space + 0x1000 > ram ||
				 r->space + 0x1000 < r->space)
		return false;
	for (unsigned int n = 0; n < 256; n++)
		if (r->cpus[n / 8] >> (n % 8) & 1 && n >= cpus)
			return false;
	for (uint32_t i = 0; i < r->nr_ranges; i++)
		if (!range_allowed(&r->range[i]))
			return false;
	return true;
}

/* Numbers near the edges of the rules, or anything. */
static uint64_t address(struct rnd *rng)
{
	static const uint64_t edges[] = { 0, PAGE, 1ull << 47, RAM, 0xffff800000000000, -PAGE };

	switch (rnd_below(rng, 16)) {
	case 0:
		return rnd(rng);
	case 1:
		return edges[rnd_below(rng, NR_OF(edges))] + rnd_below(rng, 3) - 1;
	case 2 ... 4:
		return edges[rnd_below(rng, NR_OF(edges))] + (rnd_below(rng, 3) - 1) * PAGE;
	case 5 ... 9:
		return rnd_below(rng, 1ull << 35) * PAGE;
	default:
		return -((1 + rnd_below(rng, 1ull << 35)) * PAGE);
	}
}

static void random_range(struct rnd *rng, struct pvtlb_flush_range *range)
{
	range->start = address(rng);
	range->end = rnd_below(rng, 16) ? range->start + rnd_below(rng, 600) * PAGE : address(rng);
}

static uint32_t random_request(struct rnd *rng, struct request *r, unsigned int cpus)
{
	uint32_t nr = rnd_below(rng, 8) ? rnd_below(rng, 3) : rnd_below(rng, 66);

	memset(r, 0, FIXED);
	r->flags = rnd_below(rng, 8) ? (nr ? 0 : 2) | rnd_below(rng, 2) : rnd(rng) & 7;
	r->nr_ranges = rnd_below(rng, 32) ? nr : (uint32_t)rnd(rng);
	if (rnd_below(rng, 8))
		r->space = r->flags & 1 ? 0 : rnd_below(rng, RAM / PAGE + 1) * PAGE;
	else
		r->space = address(rng);
	for (int n = rnd_below(rng, 4); n; n--) {
		unsigned int cpu = rnd_below(rng, rnd_below(rng, 8) ? cpus : 256);

		r->cpus[cpu / 8] |= 1u << (cpu % 8);
	}
	for (uint32_t i = 0; i < nr && i < NR_OF(r->range); i++)
		random_range(rng, &r->range[i]);
	return FIXED + nr * EACH + (rnd_below(rng, 16) ? 0 : rnd_below(rng, 3) - 1);
}

/* Some requests are nothing but noise. */
static uint32_t noise(struct rnd *rng, struct request *r)
{
	uint64_t *word = (uint64_t *)r;

	for (size_t i = 0; i < sizeof(*r) / sizeof(*word); i++)
		word[i] = rnd(rng);
	return rnd_below(rng, sizeof(*r) + 1);
}

static void flush_random(void)
{
	struct rnd rng = { 0x70767462 };
	unsigned int accepted = 0, nonsense = 0, refused_good = 0, odd_status = 0;
	static struct request r;

	for (unsigned int i = 0; i < 200000; i++) {
		unsigned int cpus = 1 + rnd_below(&rng, PVTLB_MAX_CPUS);
		uint32_t len = i % 16 ? random_request(&rng, &r, cpus) : noise(&rng, &r);
		struct pvtlb_flush out;
		int64_t status = pvtlb_check_flush(&r, len, cpus, RAM, &out);
		bool good = allowed(&r, len, cpus, RAM);

		accepted += !status;
		nonsense += !status && !good;
		refused_good += status && good;
		odd_status += status && status != BAD && status != RANGE;
	}
	CU_ASSERT_EQUAL(nonsense, 0);
	CU_ASSERT_EQUAL(refused_good, 0);
	CU_ASSERT_EQUAL(odd_status, 0);
	/* The numbers must have been near enough to the rules to say something. */
	EXPECT(accepted > 20000 && accepted < 180000, "%u accepted", accepted);
}

SUITE(unit_pvtlb, false, { "flags, space, lengths", flush_header },
      { "every length of a short payload", flush_lengths }, { "ranges", flush_ranges },
      { "CPU sets", flush_cpus }, { "200000 random requests", flush_random });
