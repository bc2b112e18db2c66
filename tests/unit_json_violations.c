/* SPDX-License-Identifier: GPL-2.0-only */
/* Violations in JSON: the fields of schema 1, and every field that there is. */
#include <stdlib.h>
#include <string.h>

#include "oracle/describe.h"
#include "report/json_parts.h"
#include "unit_util.h"

static json_t *json_of(const struct violation *v)
{
	struct violations all = { .total = 1, .kept = 1, .v[0] = *v };
	json_t *list = json_violations(&all), *o = json_incref(json_array_get(list, 0));

	CU_ASSERT_EQUAL(json_array_size(list), 1);
	json_decref(list);
	return o;
}

/* Member of o as text, held against what is wanted; NULL: there is to be none. */
static void expect_member(const json_t *o, const char *name, const char *want)
{
	const json_t *member = json_object_get(o, name);
	char *is = member ? json_dumps(member, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	EXPECT(want ? is && !strcmp(is, want) : !is, "%s: %s", name, is ? is : "nothing");
	free(is);
}

static void stale(void)
{
	static const struct violation v = {
		.kind = VIOLATION_STALE,
		.cpu = 1,
		.mm = 2,
		.trial = 3,
		.step = 4,
		.stale = { .access = { .at = 33,
				       .since = 30,
				       .addr = 0x100000000000,
				       .op = PVTLB_ACCESS_READ,
				       .outcome = PVTLB_ACCESS_OK,
				       .page = 0x2000000 },
			   .flush = { .begin = 20,
				      .end = 29,
				      .initiator = 5,
				      .mm = 2,
				      .tlb_gen = 7,
				      .tables = true },
			   .entry = { .pte = 0x2200007, .set = 19 } },
	};
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "kind", "\"stale\"" },
		{ "cpu", "1" },
		{ "mm", "2" },
		{ "trial", "3" },
		{ "step", "4" },
		{ "initiator", "5" },
		{ "flush_begin", "20" },
		{ "flush_end", "29" },
		{ "address", "\"0x100000000000\"" },
		{ "reached", "\"0x2000000\"" },
		{ "access", "33" },
		{ "text",
		  "\"CPU 1 read 0x100000000000 of mm 2 and reached page 0x2000000 (#33), though "
		  "it is page 0x2200000, writable since #19 and CPU 5's flush #20 to #29 had "
		  "returned (trial 3, step 4)\"" },
		{ "instead", "\"CPU 1 had to flush before CPU 5's flush returned (#29).\"" },
		{ "harm", "\"CPU 1 read page 0x2000000, which mm 2 no longer has at "
			  "0x100000000000.\"" },
		{ "parts", "{\"access\":{\"at\":33,\"since\":30,\"addr\":\"0x100000000000\","
			   "\"op\":\"read\",\"outcome\":\"ok\",\"page\":\"0x2000000\"},"
			   "\"flush\":{\"begin\":20,\"end\":29,\"initiator\":5,\"mm\":2,"
			   "\"tlb_gen\":7,\"tables\":true},"
			   "\"entry\":{\"pte\":\"0x2200007\",\"set\":19,\"source\":null},"
			   "\"held\":{\"from\":0,\"to\":0,\"more\":0}}" },
	};
	json_t *o = json_of(&v);

	for (size_t i = 0; i < NR_OF(cases); i++)
		expect_member(o, cases[i].name, cases[i].want);
	CU_ASSERT_EQUAL(json_object_size(o), NR_OF(cases));
	json_decref(o);
}

/* Of a walk there is no access, and there may be no flush in it. */
static void walk(void)
{
	static const struct violation v = {
		.kind = VIOLATION_WALK_INTERRUPTED,
		.walk_interrupted = { .walk = { .begin = 3, .kind = 99, .irqs_off = 1 },
				      .interrupt = { .at = 5, .vector = 0xfc } },
	};
	json_t *o = json_of(&v), *parts = json_object_get(o, "parts");

	expect_member(o, "initiator", "0");
	expect_member(o, "flush_begin", "0");
	expect_member(o, "flush_end", "0");
	expect_member(o, "address", NULL);
	expect_member(o, "reached", NULL);
	expect_member(o, "access", NULL);
	expect_member(parts, "walk",
		      "{\"begin\":3,\"end\":0,\"addr\":\"0x0\",\"kind\":99,\"irqs_off\":true,"
		      "\"source\":null}");
	expect_member(parts, "interrupt", "{\"at\":5,\"vector\":\"0xfc\"}");
	expect_member(parts, "flush", NULL);
	json_decref(o);
}

static void release(void)
{
	static const struct violation v = {
		.kind = VIOLATION_NOT_FLUSHED,
		.not_flushed.release = { .at = 9,
					 .cpu = 1,
					 .as = RELEASED_UNSHARED,
					 .owner = 2,
					 .source = { "guest/mm/hugetlb.c", 54 } },
	};
	json_t *o = json_of(&v);

	expect_member(json_object_get(o, "parts"), "release",
		      "{\"at\":9,\"cpu\":1,\"as\":\"unshared\",\"owner\":2,\"source\":\"guest/mm/"
		      "hugetlb.c:54\"}");
	json_decref(o);
}

/* Each kind has the parts that its report has lines of, and no others. */
static void all_parts(void)
{
	for (unsigned int kind = 0; kind < VIOLATION_KINDS; kind++) {
		const struct violation v = { .kind = kind };
		json_t *o = json_of(&v), *parts = json_object_get(o, "parts");
		size_t nr = 0;

		for (const enum part_id *id = violation_rules[kind].part; *id != PARTS; id++, nr++)
			for (const struct part_field *f = violation_parts[*id].field; f->name; f++)
				EXPECT(json_object_get(
					       json_object_get(parts, violation_parts[*id].name),
					       f->name),
				       "%s: %s.%s", violation_names[kind],
				       violation_parts[*id].name, f->name);
		EXPECT(nr && json_object_size(parts) == nr, "%s", violation_names[kind]);
		json_decref(o);
	}
}

/* What the documentation says of a part: its row begins with the part and all its fields. */
static void documented(void)
{
	char docs[65536] = "";
	FILE *from = fopen("docs/json.md", "r"); /* from where make runs the tests */

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	CU_ASSERT_TRUE(fread(docs, 1, sizeof(docs) - 1, from) > 0);
	fclose(from);
	for (enum part_id id = 0; id < PARTS; id++) {
		const struct part_field *f = violation_parts[id].field;
		char row[256];
		size_t len = snprintf(row, sizeof(row), "\n| `%s` | `%s`", violation_parts[id].name,
				      f->name);

		while ((++f)->name)
			len += snprintf(row + len, sizeof(row) - len, ", `%s`", f->name);
		snprintf(row + len, sizeof(row) - len, " |");
		EXPECT(strstr(docs, row), "docs/json.md: no '%s'", row + 1);
	}
	for (unsigned int kind = 0; kind < VIOLATION_KINDS; kind++) {
		char name[64];

		snprintf(name, sizeof(name), "`%s`", violation_names[kind]);
		EXPECT(strstr(docs, name), "docs/json.md: no %s", name);
	}
}

SUITE(unit_json_violations, false, { "an access", stale }, { "a walk", walk },
      { "a release", release }, { "the parts of each kind", all_parts },
      { "docs/json.md has them", documented });
