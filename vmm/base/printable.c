/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that comes from outside, before it goes to a terminal. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

bool printable(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (!text[i])
			return true;
		if (!isprint((unsigned char)text[i]))
			return false;
	}
	return false;
}

bool printable_name(const char *text, size_t size)
{
	return printable(text, size) && !strpbrk(text, " ,=") && text[0] != '-' &&
	       strcmp(text, "all");
}

void make_printable(char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			*text = '?';
}

const char *printable_copy(const char *text, char *buf, size_t len)
{
	snprintf(buf, len, "%s", text);
	make_printable(buf);
	return buf;
}
