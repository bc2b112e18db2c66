/* SPDX-License-Identifier: GPL-2.0-only */
/* Examples in the pages: console blocks, their marks, and what they show (docs/building.md). */
#ifndef TESTS_DOC_EXAMPLES_H
#define TESTS_DOC_EXAMPLES_H

#include <stdbool.h>
#include <stddef.h>

/* A command of a console block. The texts belong to the page's, and end with the call. */
struct doc_example {
	const char *page;
	unsigned int line;
	const char *command;
	const char *shown; /* what the page says that it prints, line by line; "": nothing */
	/* The block's mark: */
	bool slow;	     /* for the full tests */
	const char *kind;    /* what is shown is so on this kind of host only; NULL: on all */
	const char *not_run; /* why it is never run; NULL: it is */
	int status;	     /* how it ends */
};

typedef void doc_example_fn(void *ctx, const struct doc_example *example);

/*
 * Calls fn for each command of the page, in order. What is wrong with the page's blocks or
 * marks, and a command that is in no console block, fails the test. Returns how many there were.
 */
unsigned int doc_examples(const char *page, doc_example_fn *fn, void *ctx);

/*
 * Is `printed` what the page shows? "..." stands for any text, or none. Blanks and ends of lines
 * are all the same, and event numbers, hexadecimal numbers and lines of source agree always. If
 * not, `where` has what comes in the page's text where it does not agree any more.
 */
bool doc_shown_agrees(const char *shown, const char *printed, char *where, size_t len);

#endif
