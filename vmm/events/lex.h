/* SPDX-License-Identifier: GPL-2.0-only */
/* What the lines of a saved trace are made of, read strictly: one way to write each thing. */
#ifndef VMM_LEX_H
#define VMM_LEX_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/words.h"

#define TRACE_LINE_MAX 2048u /* bytes, without the newline */

struct trace_reader {
	FILE *from;
	char name[128]; /* of the file, printable, for messages */
	unsigned long line;
	char text[TRACE_LINE_MAX + 1]; /* of that line */
	const char *at;		       /* what of it is not yet read */
	struct error *err;
};

/*
 * lex_take...() moves the reader on if what comes next is what is wanted. The others record an
 * error with file, line, what was expected and what is there instead, and return -1.
 */

bool lex_printable(int c);

/* An error at the reader's line. Returns -1. */
__attribute__((format(printf, 2, 3))) int lex_bad(struct trace_reader *r, const char *fmt, ...);
/* What is there instead is the rest of the line, which is printable, from r->at on. */
__attribute__((format(printf, 2, 3))) int lex_expected(struct trace_reader *r, const char *fmt,
						       ...);

/* The next line: whole, cut off by the end of the file, none left, or bad with the error set. */
enum line { LINE_WHOLE, LINE_CUT, LINE_NONE, LINE_BAD };
enum line lex_line(struct trace_reader *r);

bool lex_take(struct trace_reader *r, const char *text);
int lex_need(struct trace_reader *r, const char *text);
int lex_end(struct trace_reader *r);
/* Decimal, without leading zeros. what: its name in the message. */
int lex_decimal(struct trace_reader *r, const char *what, uint64_t min, uint64_t max,
		uint64_t *out);
/* The value of the word that ends where a byte of ends stands; or -1. */
int lex_take_word(struct trace_reader *r, const struct words *words, const char *ends);

#endif
