/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that comes from outside, before it goes to a terminal. */
#ifndef VMM_PRINTABLE_H
#define VMM_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Is it terminated within size bytes, and nothing in it that a terminal would obey? */
bool printable(const char *text, size_t size);
/* That, and a word of a command line, of a list between commas, and of a trace's head? */
bool printable_name(const char *text, size_t size);
/* What a terminal would obey becomes "?". */
void make_printable(char *text);
/* A copy of it so, with no more of it than there is room for; returns buf. */
const char *printable_copy(const char *text, char *buf, size_t len);

#endif
