/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and bytes as the remote protocol writes them: in hexadecimal. */
#include "gdb/hex.h"

#define NUMBER_DIGITS 16

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_number(const char **at, uint64_t *value)
{
	const char *c = *at;

	for (*value = 0; hex_digit(*c) >= 0; c++) {
		if (c - *at == NUMBER_DIGITS)
			return false;
		*value = *value << 4 | hex_digit(*c);
	}
	if (c == *at)
		return false;
	*at = c;
	return true;
}

bool hex_bytes(const char *text, uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i++, text += 2) {
		if (hex_digit(text[0]) < 0 || hex_digit(text[1]) < 0)
			return false;
		to[i] = hex_digit(text[0]) << 4 | hex_digit(text[1]);
	}
	return !*text;
}

void hex_write(char *to, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 15];
	}
	*to = 0;
}
