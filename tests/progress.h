/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run of the tests shows: a line per test, or per suite of quick ones. */
#ifndef TESTS_PROGRESS_H
#define TESTS_PROGRESS_H

#include "results.h"

/*
 * For a person; verbose: a line for each test, and what tests say though they pass. Or, inside
 * the emulated machine, for a program: the lines of wire.h.
 */
enum progress_style { PROGRESS_NORMAL, PROGRESS_VERBOSE, PROGRESS_WIRE };
void progress_style(enum progress_style style);

/* Lines that begin so are shown though nobody is verbose. */
#define PROGRESS_LOUD "*** "

void progress_run_begins(void);
void progress_skipped(const struct result *r);
void progress_suite_begins(void);
void progress_ended(const struct result *r);
void progress_suite_ended(CU_pSuite suite);
/* A test, wherever it was run: its line, and what is below it. Any thread may call it. */
void progress_show(const char *suite, const char *test, const struct result *r);

/* One more line, for a person. */
void progress_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* At the end: the slowest tests, those that failed, and CUnit's summary. */
void progress_run_ended(void);

#endif
