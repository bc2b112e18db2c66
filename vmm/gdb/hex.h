/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and bytes as the remote protocol writes them: in hexadecimal. */
#ifndef VMM_GDB_HEX_H
#define VMM_GDB_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a digit, or -1. */
int hex_digit(char c);
/* One to 16 digits at *at, which is left behind them; false: none there, or more. */
bool hex_number(const char **at, uint64_t *value);
/* Exactly len bytes, two digits each, and then the end of the string. */
bool hex_bytes(const char *text, uint8_t *to, size_t len);
/* Two digits for each byte, and a 0: 2 * len + 1 characters. */
void hex_write(char *to, const uint8_t *bytes, size_t len);

#endif
