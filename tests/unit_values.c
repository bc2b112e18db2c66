/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of events' arguments as text: each kind, what is written, what is read, what is not. */
#include <stdlib.h>
#include <string.h>

#include "events/events.h"
#include "events/value.h"
#include "pvtlb/fault.h"
#include "unit_util.h"

#define TEXT_MAX 2048

static const char *printed(enum pvtlb_kind kind, const uint64_t *value, char text[TEXT_MAX])
{
	FILE *to = fmemopen(text, TEXT_MAX, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	value_print(to, kind, value);
	fputc(0, to);
	fclose(to);
	return text;
}

struct value {
	enum pvtlb_kind kind;
	const char *text;
	uint64_t value[PVTLB_CPUSET_WORDS];
};

#define MAX UINT64_MAX

static const struct value values[] = {
	{ PVTLB_KIND_COUNT, "0", { 0 } },
	{ PVTLB_KIND_COUNT, "18446744073709551615", { MAX } },
	{ PVTLB_KIND_SEQ, "#87", { 87 } },
	{ PVTLB_KIND_SEQ, "#0", { 0 } },
	{ PVTLB_KIND_SEQ, "#18446744073709551615", { MAX } },
	{ PVTLB_KIND_MM, "12", { 12 } },
	{ PVTLB_KIND_CPU, "254", { 254 } },
	{ PVTLB_KIND_CPU, "70000", { 70000 } },
	{ PVTLB_KIND_CPUS, "none", { 0 } },
	{ PVTLB_KIND_CPUS, "0", { 1 } },
	{ PVTLB_KIND_CPUS, "0-1", { 3 } },
	{ PVTLB_KIND_CPUS, "0-3,7", { 0x8f } },
	{ PVTLB_KIND_CPUS, "0,2,4", { 0x15 } },
	{ PVTLB_KIND_CPUS, "63-64", { 1ull << 63, 1 } },
	{ PVTLB_KIND_CPUS, "1,62,254", { 1ull << 62 | 2, 0, 0, 1ull << 62 } },
	{ PVTLB_KIND_CPUS, "0-255", { MAX, MAX, MAX, MAX } },
	{ PVTLB_KIND_GVA, "0xffffffff81001230", { 0xffffffff81001230 } },
	{ PVTLB_KIND_GPA, "0", { 0 } },
	{ PVTLB_KIND_SPACE, "0x3000", { 0x3000 } },
	{ PVTLB_KIND_SPACE, "all", { MAX } },
	{ PVTLB_KIND_TABLE, "0x3000", { 0x3000 } },
	{ PVTLB_KIND_PTE, "0xffffffffffffffff", { MAX } },
	{ PVTLB_KIND_HEX, "0xfc", { 0xfc } },
	{ PVTLB_KIND_END, "all", { MAX } },
	{ PVTLB_KIND_END, "0xfffffffffffff000", { ~0xfffull } },
	{ PVTLB_KIND_END, "0", { 0 } },
	{ PVTLB_KIND_SHIFT, "1 B", { 0 } },
	{ PVTLB_KIND_SHIFT, "512 B", { 9 } },
	{ PVTLB_KIND_SHIFT, "4 KiB", { 12 } },
	{ PVTLB_KIND_SHIFT, "2 MiB", { 21 } },
	{ PVTLB_KIND_SHIFT, "1 GiB", { 30 } },
	{ PVTLB_KIND_SHIFT, "256 TiB", { 48 } },
	{ PVTLB_KIND_SHIFT, "8 EiB", { 63 } },
	{ PVTLB_KIND_SHIFT, "2^64 B", { 64 } },
	{ PVTLB_KIND_SHIFT, "2^18446744073709551615 B", { MAX } },
	{ PVTLB_KIND_STATUS, "0", { 0 } },
	{ PVTLB_KIND_STATUS, "5", { 5 } },
	{ PVTLB_KIND_STATUS, "-38", { -38ull } },
	{ PVTLB_KIND_STATUS, "9223372036854775807", { INT64_MAX } },
	{ PVTLB_KIND_STATUS, "-9223372036854775808", { 1ull << 63 } },
	{ PVTLB_KIND_BOOL, "n", { 0 } },
	{ PVTLB_KIND_BOOL, "y", { 1 } },
	{ PVTLB_KIND_BOOL, "2", { 2 } },
	{ PVTLB_KIND_FAULT, "none", { 0 } },
	{ PVTLB_KIND_FAULT, "hypercall-skip-target", { PVTLB_FAULT_SKIP_TARGET } },
	{ PVTLB_KIND_BOOT_STEP, "0", { 0 } },
	{ PVTLB_KIND_BOOT_STEP, "start_kernel", { PVTLB_BOOT_START_KERNEL } },
	{ PVTLB_KIND_BOOT_STEP, "backend_refused", { PVTLB_BOOT_BACKEND_REFUSED } },
	{ PVTLB_KIND_BOOT_STEP, "10", { 10 } },
	{ PVTLB_KIND_REFUSED, "no", { 0 } },
	{ PVTLB_KIND_REFUSED, "one_cpu", { PVTLB_REFUSED_ONE_CPU } },
	{ PVTLB_KIND_MEASURE, "overflush", { PVTLB_MEASURE_OVERFLUSH } },
	{ PVTLB_KIND_ELIDED, "preempted", { PVTLB_ELIDED_PREEMPTED } },
	{ PVTLB_KIND_FLUSH_HOW, "not_loaded", { PVTLB_FLUSHED_NOT_LOADED } },
	{ PVTLB_KIND_FLUSH_HOW, "18446744073709551615", { MAX } },
	{ PVTLB_KIND_WALK, "rcu", { PVTLB_WALK_RCU } },
	{ PVTLB_KIND_WALK_OUTCOME, "changed", { PVTLB_WALK_CHANGED } },
	{ PVTLB_KIND_DROPS, "nothing", { PVTLB_DROPS_NOTHING } },
	{ PVTLB_KIND_MM_CALL, "zap_huge", { PVTLB_MM_ZAP_HUGE } },
	{ PVTLB_KIND_ACCESS_OP, "write", { PVTLB_ACCESS_WRITE } },
	{ PVTLB_KIND_ACCESS_OUTCOME, "not_present", { PVTLB_ACCESS_NOT_PRESENT } },
};

static void good(void)
{
	unsigned int seen[PVTLB_KIND_NR] = { 0 };
	char text[TEXT_MAX];

	for (const struct value *v = values; v < values + NR_OF(values); v++) {
		uint64_t back[PVTLB_CPUSET_WORDS] = { 0 };
		const char *at = v->text;

		printed(v->kind, v->value, text);
		EXPECT(!strcmp(text, v->text), "%s, not %s", text, v->text);
		EXPECT(value_read(&at, v->kind, back) && !*at, "%s: not read", v->text);
		EXPECT(!memcmp(back, v->value, sizeof(back)), "%s: read as %#llx", v->text,
		       (unsigned long long)back[0]);
		seen[v->kind]++;
	}
	for (unsigned int kind = 0; kind < PVTLB_KIND_NR; kind++)
		EXPECT(seen[kind], "no value of kind %s", kind_names[kind]);
}

/* Other ways to write it, and what is no such value: nothing is taken. */
static void bad(void)
{
	static const struct {
		enum pvtlb_kind kind;
		const char *text[12];
	} cases[] = {
		{ PVTLB_KIND_COUNT, { "", "x", "01", "-1", "+1", "18446744073709551616", "#1" } },
		{ PVTLB_KIND_SEQ,
		  { "", "#", "87", "0x57", "#087", "#x", "#18446744073709551616" } },
		{ PVTLB_KIND_CPUS,
		  { "", "nobody", "-", "1-", "3-1", "1-1", "1,0", "0,1", "0-1,2", "256", "0-256",
		    "1,," } },
		{ PVTLB_KIND_GVA,
		  { "", "x", "0x", "fc", "252", "0x0", "0xFC", "0x0fc", "0x10000000000000000",
		    "-0x1" } },
		{ PVTLB_KIND_END, { "", "everything", "0xffffffffffffffff", "1", "ALL" } },
		{ PVTLB_KIND_SHIFT,
		  { "", "21", "0x15", "2MiB", "3 MiB", "1024 KiB", "02 MiB", "2 MB", "2^21 B",
		    "2^64", "2^064 B", "8 ZiB" } },
		{ PVTLB_KIND_STATUS,
		  { "", "-", "-0", "+1", "--1", "01", "9223372036854775808", "-9223372036854775809",
		    "18446744073709551578" } },
		{ PVTLB_KIND_BOOL, { "", "0", "1", "yes", "Y", "-" } },
		{ PVTLB_KIND_FAULT, { "", "0", "1", "skip_ipi" } },
		{ PVTLB_KIND_WALK, { "", "1", "2", "GUP", "gu", "gupx", "rcu,", "-1" } },
		{ PVTLB_KIND_REFUSED, { "", "0", "none", "no_", "nohypervisor" } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		for (const char *const *text = cases[i].text;
		     text < cases[i].text + NR_OF(cases[i].text) && *text; text++) {
			uint64_t back[PVTLB_CPUSET_WORDS];
			const char *at = *text;

			EXPECT(!value_read(&at, cases[i].kind, back) && at == *text,
			       "%s: '%s' is read, up to '%s'", kind_names[cases[i].kind], *text,
			       at);
		}
}

/* Any value comes back; and of text that is spoilt, what is read is what would be written. */
static void both_ways(void)
{
	struct rnd rng = { 0x76616c75 };
	unsigned int spoilt = 0, read = 0;
	char text[TEXT_MAX], again[TEXT_MAX];

	for (unsigned int i = 0; i < 200 * PVTLB_KIND_NR; i++) {
		enum pvtlb_kind kind = i % PVTLB_KIND_NR;
		uint64_t value[PVTLB_CPUSET_WORDS], back[PVTLB_CPUSET_WORDS] = { 0 };
		size_t words = kind == PVTLB_KIND_CPUS ? PVTLB_CPUSET_WORDS : 1;
		const char *at = text;

		for (size_t w = 0; w < words; w++)
			value[w] = rnd(&rng) >> rnd_below(&rng, 64);
		printed(kind, value, text);
		EXPECT(value_read(&at, kind, back) && !*at && !memcmp(back, value, 8 * words),
		       "%s: %s", kind_names[kind], text);

		text[rnd_below(&rng, strlen(text))] = " #,-0129^abx"[rnd_below(&rng, 12)];
		spoilt++;
		at = text;
		if (!value_read(&at, kind, back))
			continue;
		read++;
		printed(kind, back, again);
		EXPECT(strlen(again) == (size_t)(at - text) && !strncmp(text, again, at - text),
		       "%s: '%s' is read as '%s'", kind_names[kind], text, again);
	}
	CU_ASSERT(read > 0 && read < spoilt);
}

static void expected(void)
{
	char text[256];

	CU_ASSERT_STRING_EQUAL(value_expected(PVTLB_KIND_WALK, text, sizeof(text)), "gup|rcu");
	CU_ASSERT_STRING_EQUAL(value_expected(PVTLB_KIND_BOOL, text, sizeof(text)), "n|y");
	for (unsigned int kind = 0; kind < PVTLB_KIND_NR; kind++) {
		value_expected(kind, text, sizeof(text));
		EXPECT(strlen(text) && strlen(text) < sizeof(text) - 1, "%s: '%s'",
		       kind_names[kind], text);
	}
}

static void print(void)
{
	static const struct pvtlb_source lines[] = { { "guest/mm/gup.c", 37 } };
	static const struct {
		struct pvtlb_event event;
		const char *want;
	} cases[] = {
		{ { 12, PVTLB_EV_IRQ_ENTRY, 3, 0, .irq_entry = { 0xfc } },
		  "#12 CPU 3 irq_entry vector=0xfc\n" },
		{ { 1, PVTLB_EV_KEY, 0, 2, .key = { 0xffffffff81001230, 1, 0, 1 } },
		  "#1 CPU 0 key flush_tlb_multi=0xffffffff81001230 native=0x1 invlpgb=n "
		  "enabled=y\n" },
		{ { UINT64_MAX, PVTLB_EV_ACCESS, 254, 1,
		    .access = { 1, 0x1000, 2, 3, 0, UINT64_MAX } },
		  "#18446744073709551615 CPU 254 access mm=1 addr=0x1000 op=write "
		  "outcome=protected "
		  "value=0 since=#18446744073709551615 @ guest/mm/gup.c:37\n" },
		{ { 7, PVTLB_EV_SERVED, 0, 1, .served = { 0, UINT64_MAX, { { 0xd } } } },
		  "#7 CPU 0 served start=0 end=all cpus=0,2-3 @ guest/mm/gup.c:37\n" },
	};
	struct sources sources;

	sources_init(&sources, lines, NR_OF(lines));
	for (size_t i = 0; i < NR_OF(cases); i++) {
		char text[256] = "";
		FILE *to = fmemopen(text, sizeof(text), "w");

		CU_ASSERT_PTR_NOT_NULL_FATAL(to);
		event_print(to, &cases[i].event, &sources);
		fclose(to);
		EXPECT(!strcmp(text, cases[i].want), "got: %s", text);
	}
	sources_free(&sources);
}

SUITE(unit_values, false, { "each kind, written and read", good },
      { "other ways to write it", bad }, { "random values, and spoilt text", both_ways },
      { "what is expected, in words", expected }, { "event_print", print });
