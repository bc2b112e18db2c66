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
