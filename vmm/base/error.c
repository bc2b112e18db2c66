/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors are values. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define GAP "[...]"

/* The end says why: what is too long, a name that was typed mostly, loses its middle. */
static void copy_text(char *to, size_t len, const char *text, size_t n)
{
	const size_t gap = strlen(GAP), end = len / 2, begin = len - end - gap - 1;

	if (n < len)
		memcpy(to, text, n + 1);
	else
		snprintf(to, len, "%.*s" GAP "%s", (int)begin, text, text + n - end);
}

int fail(struct error *err, int status, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	if (err->status)
		return -1;
	err->status = status;
	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	copy_text(err->text, sizeof(err->text), text, n);
	free(text);
	return -1;
}

int status_merge(int so_far, int status, bool first)
{
	static const int order[] = { STATUS_HANG, STATUS_USAGE, STATUS_FAIL, STATUS_OK, STATUS_SKIP };

	for (size_t i = 0; !first && i < sizeof(order) / sizeof(order[0]); i++)
		if (so_far == order[i] || status == order[i])
			return order[i];
	return status;
}
