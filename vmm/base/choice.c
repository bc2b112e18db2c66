/* SPDX-License-Identifier: GPL-2.0-only */
/* Several names in one word: between commas, each of them perhaps a glob. */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/choice.h"

bool choice_next(const char **at, char buf[CHOICE_MAX])
{
	size_t len;

	if (!*at)
		return false;
	len = strcspn(*at, ",");
	snprintf(buf, CHOICE_MAX, "%.*s", len < CHOICE_MAX ? (int)len : (int)CHOICE_MAX - 1, *at);
	*at = (*at)[len] ? *at + len + 1 : NULL;
	return true;
}

bool choice_is_glob(const char *item)
{
	return strpbrk(item, "*?[");
}

bool choice_has(const char *choice, const char *name)
{
	char item[CHOICE_MAX];

	while (choice_next(&choice, item))
		if (!fnmatch(item, name, 0))
			return true;
	return false;
}

/* Is it a name that stands before the nth item of all words, from 0? */
static bool was_there(const char *const *word, unsigned int n, const char *item)
{
	char other[CHOICE_MAX];

	for (; n; word++)
		for (const char *at = *word; n && choice_next(&at, other); n--)
			if (!strcmp(other, item))
				return true;
	return false;
}

int choice_check(const char *what, const char *const *word, unsigned int nr, struct error *err)
{
	char item[CHOICE_MAX];
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr; i++)
		for (const char *at = word[i]; choice_next(&at, item); n++) {
			if (!*word[i])
				return fail(err, STATUS_USAGE, "%s: an empty word is no name",
					    what);
			if (!*item)
				return fail(err, STATUS_USAGE,
					    "%s: in '%.80s' a comma has no name on each side", what,
					    word[i]);
			if (n == CHOICES)
				return fail(err, STATUS_USAGE, "%s: more than %u names", what,
					    CHOICES);
			if (!choice_is_glob(item) && was_there(word, n, item))
				return fail(err, STATUS_USAGE, "%s: %s is there twice", what, item);
		}
	return 0;
}
