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
