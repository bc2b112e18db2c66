/* SPDX-License-Identifier: GPL-2.0-only */
/* Examples in the pages: console blocks, their marks, and what they show (docs/building.md). */
#ifndef TESTS_DOC_EXAMPLES_H
#define TESTS_DOC_EXAMPLES_H

#include <stdbool.h>

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
 * Is `printed` what the page shows? A shown line "..." stands for any number of lines, and "..."
 * within a line for any text. Event numbers, hexadecimal numbers and lines of source agree
 * always. If not, *line is the shown line that has none (the text's end: more was printed).
 */
bool doc_shown_agrees(const char *shown, const char *printed, const char **line);

#endif
