/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of each test of this run: noted down from CUnit's handlers. */
#include <CUnit/TestRun.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "progress.h"
#include "results.h"
#include "test.h"

static struct result *results;
static size_t nr_results;
static double began;

/* The one that runs; test_say() is for it. */
static struct result *current;

static void (*before_suite)(CU_pSuite suite);
static void (*after_suite)(void);

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

void text_add(char **text, const char *line)
{
	char *old = *text;
	int len = strlen(line);

	len -= len && line[len - 1] == '\n';
	if (asprintf(text, "%s%.*s\n", old ? old : "", len, line) < 0)
		abort();
	free(old);
}

struct result *result_add(CU_pSuite suite, CU_pTest test)
{
	results = realloc(results, (nr_results + 1) * sizeof(*results));
	if (!results)
		abort();
	results[nr_results] = (struct result){ .suite = suite, .test = test };
	return &results[nr_results++];
}

struct result *result_at(size_t i)
{
	return i < nr_results ? &results[i] : NULL;
}

struct result *result_of(CU_pTest test)
{
	struct result *r;

	for (size_t i = 0; (r = result_at(i)); i++)
		if (r->test == test)
			return r;
	return NULL;
}

/* CUnit counts it as inactive. */
void result_skip(struct result *r, const char *why)
{
	CU_set_test_active(r->test, CU_FALSE);
	r->outcome = OUTCOME_SKIPPED;
	text_add(&r->said, why);
}

static void say(const char *prefix, const char *fmt, va_list ap)
{
	char *text, *line;

	if (vasprintf(&text, fmt, ap) < 0 || asprintf(&line, "%s%s", prefix, text) < 0)
		abort();
	if (current)
		text_add(&current->said, line);
	free(line);
	free(text);
}

void test_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("", fmt, ap);
	va_end(ap);
}

void test_skipped(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(PROGRESS_LOUD "SKIPPED: ", fmt, ap);
	va_end(ap);
}

static void suite_start(const CU_pSuite suite)
{
	if (before_suite)
		before_suite(suite);
	progress_suite_begins();
}

static void test_start(const CU_pTest test, const CU_pSuite suite)
{
	(void)suite;
	current = result_of(test);
	began = now();
}

static void test_complete(const CU_pTest test, const CU_pSuite suite,
			  const CU_pFailureRecord failure)
{
	(void)test;
	(void)suite;
	/* A test that has its time from elsewhere did nothing here. */
	if (!current->shown)
		current->seconds = now() - began;
	current->outcome = failure ? OUTCOME_FAILED : OUTCOME_PASSED;
	for (CU_pFailureRecord f = failure; f; f = f->pNext) {
		char *line;

		if (asprintf(&line, "%s:%u: %s", f->strFileName, f->uiLineNumber, f->strCondition) <
		    0)
			abort();
		text_add(&current->failures, line);
		free(line);
	}
	progress_ended(current);
	current = NULL;
}

static void suite_complete(const CU_pSuite suite, const CU_pFailureRecord failure)
{
	(void)failure;
	progress_suite_ended(suite);
	if (after_suite)
		after_suite();
}

void results_run(void (*before)(CU_pSuite suite), void (*over)(void))
{
	before_suite = before;
	after_suite = over;
	CU_set_suite_start_handler(suite_start);
	CU_set_test_start_handler(test_start);
	CU_set_test_complete_handler(test_complete);
	CU_set_suite_complete_handler(suite_complete);
	CU_run_all_tests();
}
