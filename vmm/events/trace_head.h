/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of a saved run's head and of its end line, written and read. */
#ifndef VMM_TRACE_HEAD_H
#define VMM_TRACE_HEAD_H

#include "base/field.h"
#include "events/lex.h"
#include "events/trace_run.h"

/* In this order, each exactly once. */
struct trace_words {
	const struct field *word[32]; /* of struct trace_run */
	unsigned int nr;
};

/* The configuration's settings, and what the run adds to them. */
struct trace_words trace_head_words(void);
struct trace_words trace_end_words(void);

/* Each behind a blank. */
void trace_words_write(FILE *to, const struct trace_run *run, const struct trace_words *words);
/* Bytes that are not printable, or below lowest, become '?'. */
void trace_text_write(FILE *to, const char *text, char lowest);

/* All of them, each behind a blank; what follows them stays. 0, or -1 with the reader's err. */
int trace_words_read(struct trace_reader *r, struct trace_run *run,
		     const struct trace_words *words);
/* What is behind the blank is not what belongs there, want, or the line's end if NULL. -1. */
int trace_words_wrong(struct trace_reader *r, const struct trace_words *words,
		      const struct field *want);

#endif
