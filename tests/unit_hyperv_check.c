/* SPDX-License-Identifier: GPL-2.0-only */
/* The hyperv backend's checks of a flush hypercall: every rule from both sides. */
#include <stdlib.h>
#include <string.h>

#include "hyperv.h"
#include "unit_util.h"

#define RAM  0x4000000ull
#define CPUS 70u

static void expect_call(const char *what, uint64_t input, gpa_t params, enum hv_status want)
{
	const struct hv_request r = { input, params };
	struct hv_call call;
	enum hv_status got = hyperv_check_call(&r, RAM, &call);

	EXPECT(got == want, "%s: %d", what, got);
}

static void input_values(void)
{
	static const struct {
		const char *what;
		uint64_t input;
		enum hv_status want;
	} cases[] = {
		{ "space", SPACE, OK },
		{ "list", LIST | REPS(1), OK },
		{ "space ex", SPACE_EX, OK },
		{ "list ex", LIST_EX | REPS(1), OK },
		{ "code 0", 0, CODE },
		{ "code 1, switch address space", 1, CODE },
		{ "code 4", 4, CODE },
		{ "code 0x12", 0x12, CODE },
		{ "code 0x15", 0x15, CODE },
		{ "code 0x102, in 8 bits 2", 0x102, CODE },
		{ "code 0x8002", 0x8002, CODE },
		{ "code before all else", 0xffffffffffff0000, CODE },
		{ "fast", SPACE | BIT(16), INPUT },
		{ "fast list", LIST | REPS(1) | BIT(16), INPUT },
		{ "bit 27", SPACE | BIT(27), INPUT },
		{ "bit 30", SPACE | BIT(30), INPUT },
		{ "bit 31, nested", SPACE | BIT(31), INPUT },
		{ "bit 44", LIST | REPS(1) | BIT(44), INPUT },
		{ "bit 47", LIST | REPS(1) | BIT(47), INPUT },
		{ "bit 60", LIST | REPS(1) | BIT(60), INPUT },
		{ "bit 63", LIST | REPS(1) | BIT(63), INPUT },
		{ "variable header, space", SPACE | VAR(1), INPUT },
		{ "variable header, list", LIST | REPS(1) | VAR(1), INPUT },
		{ "variable header's high bit", SPACE | VAR(512), INPUT },
		{ "variable header, ex", SPACE_EX | VAR(4), OK },
		{ "reps of space", SPACE | REPS(1), INPUT },
		{ "start of space", SPACE | FROM(1), INPUT },
		{ "reps of space ex", SPACE_EX | REPS(1), INPUT },
		{ "start of space ex", SPACE_EX | FROM(1), INPUT },
		{ "list, no reps", LIST, INPUT },
		{ "list ex, no reps", LIST_EX, INPUT },
		{ "start 0 of 2", LIST | REPS(2), OK },
		{ "start 1 of 2", LIST | REPS(2) | FROM(1), OK },
		{ "start 2 of 2", LIST | REPS(2) | FROM(2), INPUT },
		{ "start 3 of 2", LIST | REPS(2) | FROM(3), INPUT },
		{ "start and no reps", LIST | FROM(1), INPUT },
		{ "509 reps fill the page", LIST | REPS(509), OK },
		{ "510 reps", LIST | REPS(510), ALIGN },
		{ "4095 reps", LIST | REPS(4095), ALIGN },
		{ "508 reps ex", LIST_EX | REPS(508), OK },
		{ "508 reps and a bank", LIST_EX | REPS(508) | VAR(1), ALIGN },
		{ "507 reps and a bank", LIST_EX | REPS(507) | VAR(1), OK },
		{ "508 banks", SPACE_EX | VAR(508), OK },
		{ "1023 banks", SPACE_EX | VAR(1023), ALIGN },
		{ "everything at its largest", LIST_EX | REPS(4095) | VAR(1023), ALIGN },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		expect_call(cases[i].what, cases[i].input, PAGE, cases[i].want);
}

static void places(void)
{
	static const struct {
		const char *what;
		gpa_t at;
		uint64_t input;
		enum hv_status want;
	} cases[] = {
		{ "page 0", 0, SPACE, OK },
		{ "off by 4", PAGE + 4, SPACE, ALIGN },
		{ "off by 1", PAGE + 1, SPACE, ALIGN },
		{ "off by 8", PAGE + 8, SPACE, OK },
		{ "last in its page", 2 * PAGE - 24, SPACE, OK },
		{ "crosses by 8", 2 * PAGE - 16, SPACE, ALIGN },
		{ "crosses by 16", 2 * PAGE - 8, SPACE, ALIGN },
		{ "last in its page, ex", 2 * PAGE - 32, SPACE_EX, OK },
		{ "crosses, ex", 2 * PAGE - 24, SPACE_EX, ALIGN },
		{ "banks cross", 2 * PAGE - 32, SPACE_EX | VAR(1), ALIGN },
		{ "list crosses", 2 * PAGE - 32, LIST | REPS(2), ALIGN },
		{ "what is done of a list counts, too", 2 * PAGE - 32, LIST | REPS(2) | FROM(1),
		  ALIGN },
		{ "list does not", 2 * PAGE - 40, LIST | REPS(2), OK },
		{ "last of memory", RAM - 24, SPACE, OK },
		{ "beyond it", RAM, SPACE, ALIGN },
		{ "far beyond it", BIT(63), SPACE, ALIGN },
		{ "at the end of all", -(uint64_t)PAGE, SPACE, ALIGN },
		{ "wraps", -8ull, SPACE, ALIGN },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		expect_call(cases[i].what, cases[i].input, cases[i].at, cases[i].want);
}

/* u64s as they lie in memory, and the CPUs that come of them. */
static void parameters(void)
{
#define ALL	    { ~0ull, 0x3f }
#define SET(n)	    (SPACE_EX | VAR(n))
#define SET_LIST(n) (LIST_EX | VAR(n) | REPS(1))
	static const struct {
		const char *what;
		uint64_t input, word[9];
		enum hv_status want;
		uint64_t cpus[2];
	} cases[] = {
		{ "one CPU", SPACE, { PAGE, 0, 1 }, OK, { 1 } },
		{ "some CPUs", SPACE, { PAGE, 0, 0x51 }, OK, { 0x51 } },
		{ "64 CPUs", SPACE, { PAGE, 0, ~0ull }, OK, { ~0ull } },
		{ "no CPU", SPACE, { PAGE, 0, 0 }, PARAM, { 0 } },
		{ "no CPU, list", LIST | REPS(1), { PAGE, 0, 0, PAGE }, PARAM, { 0 } },
		{ "all", SPACE, { PAGE, 1, 0 }, OK, ALL },
		{ "all, whatever the mask", SPACE, { PAGE, 1, 2 }, OK, ALL },
		{ "list", LIST | REPS(1), { PAGE, 0, 3, PAGE }, OK, { 3 } },
		{ "list, all", LIST | REPS(1), { PAGE, 1, 0, PAGE }, OK, ALL },

		{ "non-global", SPACE, { PAGE, 4, 1 }, OK, { 1 } },
		{ "non-global, list", LIST | REPS(1), { PAGE, 4, 1, PAGE }, PARAM, { 0 } },
		{ "extended ranges", SPACE, { PAGE, 8, 1 }, PARAM, { 0 } },
		{ "extended ranges, list", LIST | REPS(1), { PAGE, 8, 1, PAGE }, PARAM, { 0 } },
		{ "flag 4", SPACE, { PAGE, 16, 1 }, PARAM, { 0 } },
		{ "flag 63", SPACE, { PAGE, BIT(63), 1 }, PARAM, { 0 } },
		{ "flag 32", SET(1), { PAGE, BIT(32), 0, 1, 1 }, PARAM, { 0 } },
		{ "all flags", SPACE, { PAGE, 7, 1 }, OK, ALL },

		{ "space with PCD and PWT", SPACE, { PAGE | 0x18, 0, 1 }, OK, { 1 } },
		{ "space's last page", SPACE, { RAM - PAGE, 0, 1 }, OK, { 1 } },
		{ "space beyond memory", SPACE, { RAM, 0, 1 }, PARAM, { 0 } },
		{ "space with bit 52", SPACE, { PAGE | BIT(52), 0, 1 }, PARAM, { 0 } },
		{ "space with bit 63", SPACE, { PAGE | BIT(63), 0, 1 }, PARAM, { 0 } },
		{ "all spaces, whatever is said", SPACE, { ~0ull, 2, 1 }, OK, { 1 } },
		{ "all spaces, list", LIST | REPS(1), { ~0ull, 2, 1, PAGE }, OK, { 1 } },
		{ "all of all", SPACE, { ~0ull, 3, 0 }, OK, ALL },

		{ "set", SET(1), { PAGE, 0, 0, 1, 5 }, OK, { 5 } },
		{ "set, two banks", SET(2), { PAGE, 0, 0, 3, 5, 9 }, OK, { 5, 9 } },
		{ "set, second bank", SET(1), { PAGE, 0, 0, 2, 9 }, OK, { 0, 9 } },
		{ "set, last CPU", SET(1), { PAGE, 0, 0, 2, BIT(5) }, OK, { 0, BIT(5) } },
		{ "set, one beyond", SET(1), { PAGE, 0, 0, 2, BIT(6) }, VP, { 0 } },
		{ "set, bank 2", SET(1), { PAGE, 0, 0, 4, 1 }, VP, { 0 } },
		{ "set, bank 4, in 8 bits CPU 0", SET(1), { PAGE, 0, 0, 16, 1 }, VP, { 0 } },
		{ "set, bank 63", SET(1), { PAGE, 0, 0, BIT(63), BIT(63) }, VP, { 0 } },
		{ "set, bank 63 empty", SET(2), { PAGE, 0, 0, BIT(63) | 1, 2, 0 }, OK, { 2 } },
		{ "set, empty bank", SET(1), { PAGE, 0, 0, 1, 0 }, OK, { 0 } },
		{ "set, no bank", SPACE_EX, { PAGE, 0, 0, 0 }, OK, { 0 } },
		{ "set, a bank too many", SET(2), { PAGE, 0, 0, 1, 5, 9 }, INPUT, { 0 } },
		{ "set, a bank too few", SET(1), { PAGE, 0, 0, 3, 5, 9 }, INPUT, { 0 } },
		{ "set of all", SPACE_EX, { PAGE, 0, 1, 0 }, OK, ALL },
		{ "set of all with a bank", SET(1), { PAGE, 0, 1, 1, 9 }, OK, ALL },
		{ "set of all, bank missing", SPACE_EX, { PAGE, 0, 1, 1 }, INPUT, { 0 } },
		{ "format 2", SET(1), { PAGE, 0, 2, 1, 5 }, PARAM, { 0 } },
		{ "format's high half", SET(1), { PAGE, 0, BIT(32), 1, 5 }, PARAM, { 0 } },
		{ "flag for all, any set", SET(1), { PAGE, 1, 9, 0, 5 }, OK, ALL },
		{ "list ex", SET_LIST(1), { PAGE, 0, 0, 1, 5, PAGE }, OK, { 5 } },
		{ "list ex, two banks", SET_LIST(2), { PAGE, 0, 0, 3, 5, 9, PAGE }, OK, { 5, 9 } },
		{ "list ex, non-global", SET_LIST(1), { PAGE, 4, 0, 1, 5, PAGE }, PARAM, { 0 } },
		{ "list ex, banks left out", LIST_EX | REPS(1), { PAGE, 0, 0, 1, 5 }, INPUT, { 0 } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct hv_request r = { cases[i].input, PAGE };
		struct hv_flush flush;
		struct hv_call call;
		enum hv_status got = hyperv_check_call(&r, RAM, &call);
		uint64_t *p = malloc(call.bytes);

		EXPECT(got == OK && call.bytes <= sizeof(cases[i].word), "%s: call", cases[i].what);
		memcpy(p, cases[i].word, call.bytes);
		got = hyperv_check_flush(&call, p, CPUS, RAM, &flush);
		EXPECT(got == cases[i].want, "%s: %d", cases[i].what, got);
		free(p);
		if (got)
			continue;
		EXPECT(!memcmp(flush.vps.bits, cases[i].cpus, sizeof(cases[i].cpus)) &&
			       !flush.vps.bits[2] && !flush.vps.bits[3],
		       "%s: CPUs %#llx %#llx", cases[i].what,
		       (unsigned long long)flush.vps.bits[0],
		       (unsigned long long)flush.vps.bits[1]);
		EXPECT(8 * (flush.list + call.end) == call.bytes, "%s: list", cases[i].what);
	}
}

/* The last CPU of a machine, whatever its number, and the one behind it. */
static void last_cpu(void)
{
	for (unsigned int cpus = 1; cpus <= PVTLB_MAX_CPUS; cpus++) {
		for (unsigned int vp = cpus - 1; vp <= cpus; vp++) {
			const uint64_t p[] = { PAGE, 0, 0, BIT(vp / 64), BIT(vp % 64) };
			const struct hv_call call = { .ex = true,
						      .varhead = 1,
						      .bytes = sizeof(p) };
			struct hv_flush flush;
			enum hv_status got = hyperv_check_flush(&call, p, cpus, RAM, &flush);

			EXPECT(got == (vp < cpus ? OK : VP), "VP %u of %u: %d", vp, cpus, got);
			EXPECT(got || flush.vps.bits[vp / 64] == BIT(vp % 64), "VP %u of %u", vp,
			       cpus);
		}
	}
}

static void ranges(void)
{
	static const struct {
		const char *what;
		uint64_t element, start, end; /* end 0: none */
	} cases[] = {
		{ "a page", 0x5000, 0x5000, 0x6000 },
		{ "page 0", 0, 0, 0x1000 },
		{ "two pages", 0x5001, 0x5000, 0x7000 },
		{ "4096 pages", 0x5fff, 0x5000, 0x1005000 },
		{ "last below the hole", 0x00007ffffffff000, 0x00007ffffffff000,
		  0x0000800000000000 },
		{ "into the hole", 0x00007fffffffe007, 0x00007fffffffe000, 0x0000800000000000 },
		{ "the hole", 0x0000800000000000, 0, 0 },
		{ "all in the hole", 0x0000800000000fff, 0, 0 },
		{ "middle of it", 0x7ffffffffffffabc, 0, 0 },
		{ "last of it", 0xffff7ffffffff000, 0, 0 },
		{ "out of it", 0xffff7ffffffff001, 0xffff800000000000, 0xffff800000001000 },
		{ "behind it", 0xffff800000000000, 0xffff800000000000, 0xffff800000001000 },
		{ "one before the last page", 0xffffffffffffe000, 0xffffffffffffe000,
		  0xfffffffffffff000 },
		{ "the last page", 0xfffffffffffff000, 0, 0 },
		{ "to the last page", 0xffffffffffffe001, 0xffffffffffffe000, 0xfffffffffffff000 },
		{ "beyond it", 0xffffffffffffefff, 0xffffffffffffe000, 0xfffffffffffff000 },
		{ "beyond it by far", 0xffffffffffffffff, 0, 0 },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint64_t start, end;
		bool any = hyperv_range(cases[i].element, &start, &end);

		EXPECT(any == !!cases[i].end, "%s", cases[i].what);
		EXPECT(!any || (start == cases[i].start && end == cases[i].end),
		       "%s: %#llx to %#llx", cases[i].what, (unsigned long long)start,
		       (unsigned long long)end);
	}
}

SUITE(unit_hyperv_check, false, { "input values", input_values },
      { "places of the parameters", places }, { "parameters", parameters },
      { "the last CPU", last_cpu }, { "ranges of a list", ranges });
