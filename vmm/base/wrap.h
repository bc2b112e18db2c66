/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in lines that a terminal has room for. */
#ifndef VMM_WRAP_H
#define VMM_WRAP_H

#include <stdio.h>

#define WRAP_WIDTH 80u

/*
 * Print the text behind the head, in lines of WRAP_WIDTH columns at most, broken at blanks and
 * newlines; as many blanks as there are between words stay. Lines behind the first are moved in by
 * as much as the head is wide. A longer word stays whole.
 */
void wrap_print(FILE *to, const char *head, const char *text);
/* The same in lines of another width; those behind the first are moved in by so much. */
void wrap_print_in(FILE *to, size_t width, size_t indent, const char *head, const char *text);
/* The same behind what is already in the line, so many columns of it. */
void wrap_print_from(FILE *to, size_t width, size_t indent, size_t column, const char *text);

#endif
