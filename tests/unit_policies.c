/* SPDX-License-Identifier: GPL-2.0-only */
/* The policies of an image: what a description must not be, and how one is found. */
#include <stdlib.h>
#include <string.h>

#include "base/policies.h"
#include "unit_util.h"

static struct pvtlb_policy good(const char *name)
{
	struct pvtlb_policy p = { .title = "a title", .key = PVTLB_KEY_NEVER };

	snprintf(p.name, sizeof(p.name), "%s", name);
	return p;
}

/* Three that are good, of which "b" is the default one, known as "old" as well. */
static void three(struct pvtlb_policy table[3])
{
	table[0] = good("c");
	table[1] = good("a");
	table[2] = good("b");
	table[2].flags = PVTLB_POLICY_DEFAULT;
	table[2].key = PVTLB_KEY_BY_PATCH;
	strcpy(table[2].alias, "old");
}

static void found(void)
{
	static const struct {
		const char *name, *is;
	} cases[] = {
		{ NULL, "b" }, { "a", "a" }, { "b", "b" },   { "old", "b" }, { "c", "c" },
		{ "", NULL },  { "d", NULL }, { "all", NULL }, { "ol", NULL },  { "oldd", NULL },
	};
	struct pvtlb_policy table[3];
	struct policies p;
	char text[64];

	three(table);
	CU_ASSERT_PTR_NULL_FATAL(policies_take(&p, table, 3, text, sizeof(text)));
	/* Copied, and in an order of their own. */
	memset(table, 0xff, sizeof(table));
	CU_ASSERT_STRING_EQUAL(policies_names(&p, text, sizeof(text)), "b, a, c");
	CU_ASSERT_STRING_EQUAL(policies_names(&p, text, 5), "b, a");
	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct pvtlb_policy *policy = policies_find(&p, cases[i].name);
		struct run_policy run = { .name = "untouched" };

		EXPECT(policy ? cases[i].is && !strcmp(policy->name, cases[i].is) : !cases[i].is,
		       "%s", cases[i].name);
		EXPECT(policies_choose(&p, cases[i].name, &run) == !!cases[i].is, "%s",
		       cases[i].name);
		EXPECT(!strcmp(run.name, cases[i].is ? cases[i].is : "untouched"), "%s", run.name);
		EXPECT(run.other == (cases[i].is && strcmp(cases[i].is, "b")), "%s", cases[i].name);
	}
	CU_ASSERT_TRUE(policies_choose(&p, "a", &(struct run_policy){ 0 }));
	free(p.policy);
}

/* One member of the last of three made something else. */
static void broken(void)
{
#define POLICY(m, ...) offsetof(struct pvtlb_policy, m), sizeof(((struct pvtlb_policy *)0)->m), __VA_ARGS__
	static const struct {
		const char *what;
		size_t at, size;
		const char *text; /* NULL: the number */
		uint32_t number;
		const char *says; /* NULL: it is good */
	} cases[] = {
		{ "as it is", POLICY(name, "b"), 0, NULL },
		{ "no name", POLICY(name, ""), 0, "broken" },
		{ "a blank", POLICY(name, "x y"), 0, "broken" },
		{ "like an option", POLICY(name, "-x"), 0, "broken" },
		{ "a comma", POLICY(name, "x,y"), 0, "broken" },
		{ "an equals sign", POLICY(name, "x=y"), 0, "broken" },
		{ "an escape", POLICY(name, "\033[2J"), 0, "broken" },
		{ "all", POLICY(name, "all"), 0, "broken" },
		{ "nearly all", POLICY(name, "all-of-it"), 0, NULL },
		{ "the longest name", POLICY(name, "0123456789012345678901234567890"), 0, NULL },
		{ "not terminated", POLICY(name, "01234567890123456789012345678901"), 0, "broken" },
		{ "another's name", POLICY(name, "a"), 0, "the same name: a" },
		{ "its own alias", POLICY(name, "old"), 0, NULL },
		{ "no alias", POLICY(alias, ""), 0, NULL },
		{ "another's name as alias", POLICY(alias, "c"), 0, "the same name: c" },
		{ "an alias of two words", POLICY(alias, "x y"), 0, "broken" },
		{ "all as alias", POLICY(alias, "all"), 0, "broken" },
		{ "no title", POLICY(title, ""), 0, NULL },
		{ "a title of two lines", POLICY(title, "x\ny"), 0, "broken" },
		{ "no default one", POLICY(flags, NULL), 0, "exactly one" },
		{ "an unknown flag", POLICY(flags, NULL), 3, "broken" },
		{ "the last key", POLICY(key, NULL), PVTLB_POLICY_KEYS - 1, NULL },
		{ "no such key", POLICY(key, NULL), PVTLB_POLICY_KEYS, "broken" },
		{ "no key at all", POLICY(key, NULL), UINT32_MAX, "broken" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_policy table[3];
		char *at = (char *)&table[2] + cases[i].at;
		struct policies p;
		const char *says;
		char buf[64];

		three(table);
		if (cases[i].text)
			strncpy(at, cases[i].text, cases[i].size);
		else
			memcpy(at, &cases[i].number, sizeof(cases[i].number));
		says = policies_take(&p, table, 3, buf, sizeof(buf));
		EXPECT(cases[i].says ? says && strstr(says, cases[i].says) : !says, "%s: %s",
		       cases[i].what, says ? says : "good");
		free(p.policy);
	}
}

static void counts(void)
{
	struct pvtlb_policy table[3];
	struct policies p;
	char buf[64];

	three(table);
	CU_ASSERT_STRING_EQUAL(policies_take(&p, table, 0, buf, sizeof(buf)),
			       "not exactly one of its policies is the default one");
	free(p.policy);
	table[0].flags = PVTLB_POLICY_DEFAULT;
	CU_ASSERT_STRING_EQUAL(policies_take(&p, table, 3, buf, sizeof(buf)),
			       "not exactly one of its policies is the default one");
	free(p.policy);
	CU_ASSERT_PTR_NULL(policies_take(&p, table, 2, buf, sizeof(buf)));
	free(p.policy);
}

SUITE(unit_policies, false, { "found by name", found }, { "broken descriptions", broken },
      { "how many", counts });
