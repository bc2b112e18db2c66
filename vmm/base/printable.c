/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that comes from outside, before it goes to a terminal. */
#include <ctype.h>

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
