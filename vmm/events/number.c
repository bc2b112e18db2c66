/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers in text, each with one way to write it. */
#include <string.h>

#include "events/number.h"

bool number_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool number_take_decimal(const char **at, uint64_t *out)
{
	const char *s = *at;
	uint64_t n = 0;

	if (!number_is_digit(*s) || (*s == '0' && number_is_digit(s[1])))
		return false;
	for (; number_is_digit(*s); s++)
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *s - '0', &n))
			return false;
	*out = n;
	*at = s;
	return true;
}

bool number_take_hex(const char **at, uint64_t *out)
{
	static const char digits[] = "0123456789abcdef";
	const char *s = *at;
	uint64_t n = 0;
	size_t len;

	if (s[0] == '0' && s[1] != 'x') {
		*out = 0;
		++*at;
		return true;
	}
	if (s[0] != '0' || s[2] == '0')
		return false;
	s += 2;
	len = strspn(s, digits);
	if (!len || len > 16)
		return false;
	for (*at = s + len; s < *at; s++)
		n = n << 4 | (strchr(digits, *s) - digits);
	*out = n;
	return true;
}
