/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers in text, each with one way to write it. */
#ifndef VMM_NUMBER_H
#define VMM_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

bool number_is_digit(char c);

/*
 * Take the number that *at begins with and move *at behind it. False, and *at as it was: there
 * is none, it is written in another way, or it takes more than 64 bits.
 */

/* Without leading zeros. */
bool number_take_decimal(const char **at, uint64_t *out);
/* As printf's "%#llx" writes it: "0", or "0x" and up to 16 lower-case digits. */
bool number_take_hex(const char **at, uint64_t *out);

#endif
