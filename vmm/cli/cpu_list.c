/* SPDX-License-Identifier: GPL-2.0-only */
/* What --cpus takes: numbers and ranges of them, between commas. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cpu_list.h"

#define ITEM_MAX 40u /* bytes of an item; what is longer is no number anyway */

__attribute__((format(printf, 3, 4))) static int bad(struct error *err, const struct setting *s,
						     const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return fail(err, STATUS_USAGE,
		    "--%s: %s; right is a number or a range, %u to %u, or several between commas, "
		    "as 2-4,8",
		    s->option, what, (unsigned int)s->field.min, (unsigned int)s->field.max);
}

static int take(struct cpu_list *list, const struct setting *s, unsigned int cpus,
		struct error *err)
{
	for (unsigned int i = 0; i < list->nr; i++)
		if (list->cpus[i] == cpus)
			return bad(err, s, "%u is there twice", cpus);
	list->cpus[list->nr++] = cpus;
	return 0;
}

/* One end of a range, or a number by itself. */
static int number(unsigned int *to, const struct setting *s, const char *text, struct error *err)
{
	struct run_config config = { 0 };

	if (setting_parse(&config, s, text))
		return bad(err, s, "'%s' is not a number in range", text);
	*to = config.cpus;
	return 0;
}

static int take_item(struct cpu_list *list, const struct setting *s, const char *item,
		     struct error *err)
{
	char first[ITEM_MAX];
	const char *dash = strchr(item, '-');
	unsigned int from = 0, to = 0;

	if (!dash)
		return number(&from, s, item, err) ? -1 : take(list, s, from, err);
	if (dash == item)
		return bad(err, s, "the range '%s' has no beginning", item);
	if (!dash[1])
		return bad(err, s, "the range '%s' has no end", item);
	snprintf(first, sizeof(first), "%.*s", (int)(dash - item), item);
	if (number(&from, s, first, err) || number(&to, s, dash + 1, err))
		return -1;
	if (to < from)
		return bad(err, s, "the range '%s' runs backwards", item);
	for (; from <= to; from++)
		if (take(list, s, from, err))
			return -1;
	return 0;
}

int cpu_list_parse(struct cpu_list *list, const struct setting *s, const char *text,
		   struct error *err)
{
	const char *all = text;
	char item[ITEM_MAX];
	size_t len;

	list->nr = 0;
	if (!*text)
		return bad(err, s, "there is no number");
	for (;; text += len + 1) {
		len = strcspn(text, ",");
		if (!len)
			return bad(err, s, "in '%.80s' a comma has no number on each side", all);
		if (len >= sizeof(item))
			return bad(err, s, "'%.*s...' is no number", (int)sizeof(item), text);
		snprintf(item, sizeof(item), "%.*s", (int)len, text);
		if (take_item(list, s, item, err))
			return -1;
		if (!text[len])
			return 0;
	}
}
