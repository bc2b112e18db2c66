/* SPDX-License-Identifier: GPL-2.0-only */
/* The nested lane: the suites that need KVM, run in an emulated machine, as suites of this run. */
#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/error.h"
#include "nested.h"
#include "test.h"

/*
 * Results are lines: "@suite NAME", "@test NAME", "@skip" and "@fail LINE FILE: CONDITION" of
 * the test above, "@end". A file without @end is of a run that did not come to its end.
 */
#define PREFIX "svm (nested): "

static void write_test(FILE *to, CU_pSuite suite, CU_pTest test)
{
	fprintf(to, "@test %s\n", test->pName);
	if (!suite->fActive || !test->fActive)
		fprintf(to, "@skip\n");
	for (CU_pFailureRecord f = CU_get_failure_list(); f; f = f->pNext)
		if (f->pSuite == suite && f->pTest == test)
			fprintf(to, "@fail %u %s: %s\n", f->uiLineNumber, f->strFileName, f->strCondition);
}

void results_write(FILE *to)
{
	for (CU_pSuite suite = CU_get_registry()->pSuite; suite; suite = suite->pNext) {
		fprintf(to, "@suite %s\n", suite->pName);
		for (CU_pTest test = suite->pTest; test; test = test->pNext)
			write_test(to, suite, test);
	}
	fprintf(to, "@end\n");
}

/* The results as read back. Kept for the whole run: CUnit's tests look themselves up. */
static struct result {
	char *suite, *test;
	char *fail; /* the conditions that failed, one after the other; NULL: none */
	unsigned int line;
	bool skip;
} *results;
static size_t nr_results;

/* What a test of the lane does here: say what came of it there. */
static void replay(void)
{
	for (size_t i = 0; i < nr_results; i++) {
		const struct result *r = &results[i];

		if (strcmp(r->suite, CU_get_current_suite()->pName) ||
		    strcmp(r->test, CU_get_current_test()->pName))
			continue;
		CU_assertImplementation(!r->fail, r->line, r->fail ? r->fail : "", "nested", "",
					CU_FALSE);
		return;
	}
	CU_FAIL("a test of the nested lane has no result");
}

static char *copy(const char *prefix, const char *text)
{
	char *out;

	if (asprintf(&out, "%s%s", prefix, text) < 0)
		abort();
	return out;
}

static void add_result(const char *suite, const char *test)
{
	results = realloc(results, (nr_results + 1) * sizeof(*results));
	if (!results)
		abort();
	results[nr_results++] = (struct result){ copy("", suite), copy("", test), NULL, 0, false };
}

static void add_failure(const char *text)
{
	struct result *r = &results[nr_results - 1];
	char *old = r->fail ? copy(r->fail, "; ") : copy("", "");

	if (!r->line)
		r->line = strtoul(text, NULL, 10);
	free(r->fail);
	r->fail = copy(old, text);
	free(old);
}

/* Returns whether the results are all there. */
static bool read_results(FILE *from)
{
	char suite[256] = "", line[4096];
	bool end = false;

	while (fgets(line, sizeof(line), from)) {
		line[strcspn(line, "\n")] = 0;
		if (!strncmp(line, "@suite ", 7))
			snprintf(suite, sizeof(suite), PREFIX "%.200s", line + 7);
		else if (!strncmp(line, "@test ", 6))
			add_result(suite, line + 6);
		else if (!strcmp(line, "@skip") && nr_results)
			results[nr_results - 1].skip = true;
		else if (!strncmp(line, "@fail ", 6) && nr_results)
			add_failure(line + 6);
		else if (!strcmp(line, "@end"))
			end = true;
		else if (!strncmp(line, "***", 3) || (!strncmp(line, "      ", 6) && line[6] != ' '))
			/* What tests have to say, loud skips among it. */
			printf("(nested) %s\n", line);
	}
	return end;
}

static void register_results(void)
{
	CU_pSuite suite = NULL;

	for (size_t i = 0; i < nr_results; i++) {
		CU_pTest test;

		if (!suite || strcmp(suite->pName, results[i].suite))
			suite = CU_add_suite(results[i].suite, NULL, NULL);
		test = CU_add_test(suite, results[i].test, replay);
		if (results[i].skip)
			CU_set_test_active(test, CU_FALSE);
	}
}

static void report_retries(const char *build)
{
	char path[4096];
	FILE *from;
	int n;

	snprintf(path, sizeof(path), "%s/nested/retries", build);
	from = fopen(path, "r");
	if (!from || fscanf(from, "%d", &n) != 1)
		n = 0;
	if (from)
		fclose(from);
	printf("%sThe nested lane: %d boots hung and were tried again.\n", n ? "*** RETRIED: " : "", n);
}

/* No machine: an inactive suite of one test, which is counted, and a loud word. */
static unsigned int not_here(const char *why)
{
	CU_pSuite suite = CU_add_suite(PREFIX "all", NULL, NULL);

	CU_add_test(suite, why, replay);
	CU_set_suite_active(suite, CU_FALSE);
	printf("*** SKIPPED: the whole nested lane: %s\n", why);
	return 0;
}

unsigned int nested_add(const char *build, char **names)
{
	char command[8192];
	size_t n, active = 0, failed = 0;
	bool complete;
	FILE *from;
	int status;

	n = snprintf(command, sizeof(command),
		     "PVTLB_NESTED_RETRIES=%s/nested/retries sh %s/nested/run.sh tests --build / "
		     "--results yes",
		     build, build);
	for (; *names && n < sizeof(command); names++)
		n += snprintf(command + n, sizeof(command) - n, " %s", *names);
	printf("The nested lane: suites that need KVM, on kvm-amd in an emulated machine.\n");
	fflush(stdout);
	from = popen(command, "r");
	if (!from)
		return 1;
	complete = read_results(from);
	status = pclose(from);
	status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (status == STATUS_SKIP)
		return not_here("no emulated machine: see the reason above");
	report_retries(build);
	register_results();
	for (size_t i = 0; i < nr_results; i++) {
		active += !results[i].skip;
		failed += !!results[i].fail;
	}
	if (!complete)
		printf("*** FAILED: the nested lane did not come to its end (status %d)\n", status);
	if (complete && !active)
		printf("*** FAILED: no test of the nested lane ran (status %d)\n", status);
	return !complete || !active || (status && !failed);
}
