/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors are values. */
#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"

int fail(struct error *err, int status, const char *fmt, ...)
{
	va_list ap;

	if (err->status)
		return -1;
	err->status = status;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
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
