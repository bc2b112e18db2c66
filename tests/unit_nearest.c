/* SPDX-License-Identifier: GPL-2.0-only */
/* "Did you mean", and several names in one word. */
#include <string.h>

#include "base/choice.h"
#include "base/nearest.h"
#include "unit_util.h"

static void test_nearest(void)
{
	static const char *const names[] = { "run", "show", "collapse-vs-gup", "collapse-vs-grab",
					     "xen", "--backend" };
	static const struct {
		const char *word, *best; /* NULL: none */
	} cases[] = {
		{ "rnu", "run" },	  { "shwo", "show" },
		{ "xyzzy", NULL },	  { "", NULL },		 { "colapse-vs-gup", "collapse-vs-gup" },
		{ "collapse-vs-grb", "collapse-vs-grab" },	 { "xem", "xen" },
		{ "xxm", NULL },	  { "coll", "collapse-vs-gup" },
	};
	char hint[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nearest n;

		nearest_init(&n, cases[i].word);
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			nearest_offer(&n, names[j]);
		if (!cases[i].best) {
			EXPECT(!n.best, "%s: %s", cases[i].word, n.best);
			continue;
		}
		EXPECT(n.best && !strcmp(n.best, cases[i].best), "%s: %s", cases[i].word,
		       n.best ? n.best : "none");
		CU_ASSERT_PTR_NOT_NULL(strstr(nearest_hint(&n, hint, sizeof(hint)), cases[i].best));
	}
}

static void test_choice(void)
{
	static const struct {
		const char *choice, *name;
		bool has;
	} cases[] = {
		{ "a", "a", true },	   { "a", "ab", false },  { "a*", "ab", true },
		{ "b,a", "a", true },	   { "b,a*", "ac", true }, { "b,c", "a", false },
		{ "?b", "ab", true },	   { "", "a", false },	   { ",", "a", false },
		{ "[ab]c", "bc", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		EXPECT(choice_has(cases[i].choice, cases[i].name) == cases[i].has, "%s, %s",
		       cases[i].choice, cases[i].name);
}

SUITE(unit_nearest, false, { "did you mean", test_nearest }, { "several names", test_choice });
