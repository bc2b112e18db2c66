/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of violations: templates, and that all of it fits together. */
#include <string.h>

#include "oracle/template.h"
#include "unit_util.h"

/* A stale read: choices by name, by number, and by what is not there. */
static void templates(void)
{
	static const struct violation v = {
		.kind = VIOLATION_STALE,
		.cpu = 3,
		.mm = 2,
		.stale = { .access = { .at = 9,
				       .addr = 0x1000,
				       .op = PVTLB_ACCESS_WRITE,
				       .outcome = 77,
				       .page = 0x2000 },
			   .flush = { .end = 7, .tables = true },
			   .entry = { .pte = 0x3007 } },
	};
	static const struct {
		const char *template;
		enum part_id own;
		const char *want;
	} cases[] = {
		{ "", PARTS, "" },
		{ "as it is", PARTS, "as it is" },
		{ "CPU {cpu} of mm {mm}", PARTS, "CPU 3 of mm 2" },
		{ "{access.at}{access.addr}", PARTS, "#90x1000" },
		{ "{at}, {cpu}, {flush.end}", PART_ACCESS, "#9, 3, #7" },
		{ "{mm}, {end}", PART_FLUSH, "0, #7" },
		{ "{entry.pte}", PARTS, "page 0x3000, writable" },
		{ "{entry.set|0:never|at {entry.set}}", PARTS, "never" },
		{ "{flush.end|0:never|at {flush.end}}", PARTS, "at #7" },
		{ "{access.op|write:wrote|read:read|?}", PARTS, "wrote" },
		{ "{access.op|writ:no|writer:no|2:no|else}", PARTS, "else" },
		{ "{access.outcome|ok:fine|77:what is {access.outcome}?|no}", PARTS,
		  "what is 77?" },
		{ "a{flush.tables|y:|not }b", PARTS, "ab" },
		{ "{flush.tables|n:a|y:b{cpu|2:c|3:d{mm}|e}|f}g", PARTS, "bd2g" },
		{ "{cpu|3:a: b|c: d}{cpu|4:a|c: d}", PARTS, "a: bc: d" },
		/* It has no such field. */
		{ "{walk.begin}{flush.begun}{at}{cpus}", PARTS, "????" },
		{ "{walk.begin|0:none|some}", PARTS, "none" },
		{ "{walk.source|unknown:none|some}", PARTS, "some" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char text[64], small[4];

		CU_ASSERT_PTR_EQUAL(
			template_text(&v, cases[i].own, cases[i].template, text, sizeof(text)),
			text);
		EXPECT(!strcmp(text, cases[i].want), "%s: %s", cases[i].template, text);
		template_text(&v, cases[i].own, cases[i].template, small, sizeof(small));
		EXPECT(!strncmp(small, cases[i].want, 3) && strlen(small) < sizeof(small),
		       "%s, cut off: %s", cases[i].template, small);
	}
}

/* Does every place of a template name a field that the violation has? */
static void expect_fields(const struct violation *v, enum part_id own, const char *template)
{
	unsigned int depth = 0;
	const uint64_t *value;

	for (const char *at = template; *at; at++) {
		if (*at == '}')
			depth--;
		if (*at != '{')
			continue;
		depth++;
		EXPECT(violation_field(v, own, at + 1, strcspn(at + 1, "|}"), &value), "%s: %.*s",
		       violation_names[v->kind], (int)strcspn(at + 1, "|}"), at + 1);
	}
	EXPECT(!depth, "%s: braces of %s", violation_names[v->kind], template);
}

static void expect_path(const struct violation *v, const char *path)
{
	const uint64_t *value;
	const struct part_field *f = violation_field(v, PARTS, path, strlen(path), &value);

	EXPECT(f && f->kind == PVTLB_KIND_SEQ, "%s: %s", violation_names[v->kind], path);
}

static void fields_are_there(void)
{
	for (unsigned int kind = 0; kind < VIOLATION_KINDS; kind++) {
		const struct violation v = { .kind = kind };
		const struct rule *rule = &violation_rules[kind];

		EXPECT(*rule->headline, "%s", violation_names[kind]);
		expect_fields(&v, PARTS, rule->sentence);
		expect_path(&v, rule->from);
		expect_path(&v, rule->until);
		for (const enum part_id *id = rule->part; *id != PARTS; id++) {
			expect_fields(&v, *id, violation_parts[*id].label);
			expect_fields(&v, *id, violation_parts[*id].line);
		}
	}
}

static bool says(const char *template, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = template; (at = strstr(at, name)); at++)
		if (at > template && at[-1] == '{' && strchr("|}", at[len]))
			return true;
	return false;
}

/* What JSON has of a part, all of it, its line has, too. */
static void lines_say_all(void)
{
	for (enum part_id id = 0; id < PARTS; id++) {
		const struct part *part = &violation_parts[id];

		EXPECT(part->field[0].name && !part->field[PART_FIELDS - 1].name, "%s", part->name);
		for (const struct part_field *f = part->field; f->name; f++)
			EXPECT(says(part->label, f->name) || says(part->line, f->name), "%s.%s",
			       part->name, f->name);
	}
}

/* A field's place in the struct is the one that the description says. */
static void places(void)
{
	struct violation v = { .kind = VIOLATION_USE_AFTER_FREE,
			       .cpu = 1,
			       .mm = 2,
			       .trial = 3,
			       .step = 4,
			       .use_after = { .walk.begin = 5,
					      .walk.irqs_off = 6,
					      .table.table = 7,
					      .release.owner = 8,
					      .held.more = 9 } };
	static const char *const paths[] = {
		"cpu",		 "mm",		"trial",	 "step",     "walk.begin",
		"walk.irqs_off", "table.table", "release.owner", "held.more"
	};

	for (size_t i = 0; i < NR_OF(paths); i++)
		EXPECT(violation_value(&v, paths[i]) == i + 1, "%s", paths[i]);
	CU_ASSERT_PTR_EQUAL(violation_part(&v, PART_WALK), &v.use_after.walk);
	CU_ASSERT_PTR_EQUAL(violation_part(&v, PART_HELD), &v.use_after.held);
	CU_ASSERT_PTR_NULL(violation_part(&v, PART_ACCESS));
	CU_ASSERT_EQUAL(violation_value(&v, "access.at"), 0);
}

SUITE(unit_violation_table, false, { "templates", templates },
      { "templates name fields that are there", fields_are_there },
      { "lines say all", lines_say_all }, { "places", places });
