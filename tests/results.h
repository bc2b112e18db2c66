/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of each test of this run: noted down as it comes, shown, and written elsewhere. */
#ifndef TESTS_RESULTS_H
#define TESTS_RESULTS_H

#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <stdbool.h>
#include <stddef.h>

enum test_outcome { OUTCOME_PENDING, OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_SKIPPED };

struct result {
	CU_pSuite suite;
	CU_pTest test;
	enum test_outcome outcome;
	double seconds;
	char *failures; /* a line each, "FILE:LINE: CONDITION"; NULL: none */
	char *said;	/* what it had to say, or why it is skipped, lines; NULL: nothing */
	bool brief;	/* its suite has one line, unless it fails */
	bool shown;	/* by somebody else, when it came */
};

/* A test of the registry, which has not run yet. The address is good until the next call. */
struct result *result_add(CU_pSuite suite, CU_pTest test);
/* That of a test; NULL: there is none. */
struct result *result_of(CU_pTest test);
/* By number, from 0, in the order in which they were added; NULL: no more. */
struct result *result_at(size_t i);
/* It will not run, for this reason. */
void result_skip(struct result *r, const char *why);

/* Append a line to what is kept in *text. */
void text_add(char **text, const char *line);

/* Run all that is registered. over(), unless it is NULL, is called after each suite. */
void results_run(void (*before)(CU_pSuite suite), void (*over)(void));

#endif
