/* SPDX-License-Identifier: GPL-2.0-only */
/* What gdb is answered: a packet's text, printed. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "gdb/reply.h"

void reply_print(struct reply *reply, const char *fmt, ...)
{
	size_t room = sizeof(reply->text) - reply->len;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(reply->text + reply->len, room, fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= room)
		abort();
	reply->len += len;
}

void reply_error(struct reply *reply, int error)
{
	reply->len = 0;
	reply_print(reply, "E%02d", error);
}
