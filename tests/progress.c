/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run of the tests shows: a line per test, or per suite of quick ones. */
#include <CUnit/TestRun.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "progress.h"
#include "wire.h"

#define SLOWEST 8
#define INDENT	"                "

static enum progress_style style;

/* Of the suite that runs. */
static struct {
	unsigned int tests, failed;
	double seconds;
	bool brief;
} suite_now;

void progress_style(enum progress_style to)
{
	style = to;
}

/* Each line of text below the line of its test; all, or those that nobody may miss. */
static void below(const char *text, bool all)
{
	while (text && *text) {
		int len = strcspn(text, "\n");

		if (all || !strncmp(text, PROGRESS_LOUD, strlen(PROGRESS_LOUD)))
			printf(INDENT "%.*s\n", len, text);
		text += len + (text[len] == '\n');
	}
}

void progress_show(const char *suite, const char *test, const struct result *r)
{
	bool failed = r->outcome == OUTCOME_FAILED;

	flockfile(stdout);
	if (r->outcome == OUTCOME_SKIPPED)
		printf("SKIP        -   %s: %s: %s", suite, test, r->said);
	else
		printf("%-4s %7.2f s  %s: %s\n", failed ? "FAIL" : "ok", r->seconds, suite, test);
	if (r->outcome != OUTCOME_SKIPPED) {
		below(r->failures, true);
		below(r->said, failed || style == PROGRESS_VERBOSE);
	}
	fflush(stdout);
	funlockfile(stdout);
}

void progress_note(const char *fmt, ...)
{
	va_list ap;

	if (style == PROGRESS_WIRE)
		return;
	flockfile(stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	funlockfile(stdout);
}

void progress_run_begins(void)
{
	if (style == PROGRESS_WIRE)
		wire_write(stdout, WIRE_BEGIN, "");
}

void progress_skipped(const struct result *r)
{
	if (style == PROGRESS_WIRE)
		wire_result(stdout, r);
	else
		progress_show(r->suite->pName, r->test->pName, r);
}

void progress_suite_begins(void)
{
	memset(&suite_now, 0, sizeof(suite_now));
}

void progress_ended(const struct result *r)
{
	suite_now.tests++;
	suite_now.failed += r->outcome == OUTCOME_FAILED;
	suite_now.seconds += r->seconds;
	suite_now.brief = r->brief;
	if (style == PROGRESS_WIRE)
		wire_result(stdout, r);
	else if (!r->shown &&
		 (!r->brief || r->outcome == OUTCOME_FAILED || style == PROGRESS_VERBOSE))
		progress_show(r->suite->pName, r->test->pName, r);
}

void progress_suite_ended(CU_pSuite suite)
{
	if (style != PROGRESS_WIRE && suite_now.brief)
		progress_note("%-4s %7.2f s  %s: %u tests", suite_now.failed ? "FAIL" : "ok",
			      suite_now.seconds, suite->pName, suite_now.tests);
}

/* The slowest that is quicker than what was listed last. */
static const struct result *slowest_below(double limit)
{
	const struct result *slowest = NULL, *r;

	for (size_t i = 0; (r = result_at(i)); i++)
		if (r->seconds < limit && r->outcome != OUTCOME_SKIPPED &&
		    (!slowest || r->seconds > slowest->seconds))
			slowest = r;
	return slowest;
}

static void list_failed(void)
{
	const struct result *r;
	bool first = true;

	for (size_t i = 0; (r = result_at(i)); i++) {
		if (r->outcome != OUTCOME_FAILED)
			continue;
		if (first)
			printf("\nFailed:\n");
		first = false;
		printf("  %s: %s\n", r->suite->pName, r->test->pName);
		below(r->failures, true);
	}
}

void progress_run_ended(void)
{
	const struct result *r;
	double limit = 1e9;

	if (style == PROGRESS_WIRE) {
		wire_write(stdout, WIRE_END, "");
		return;
	}
	for (int i = 0; i < SLOWEST && (r = slowest_below(limit)); i++) {
		limit = r->seconds;
		if (limit < 0.01)
			break;
		if (!i)
			printf("\nSlowest:\n");
		printf("%12.2f s  %s: %s\n", limit, r->suite->pName, r->test->pName);
	}
	list_failed();
	putchar('\n');
	fflush(stdout);
	CU_print_run_results(stdout);
	putchar('\n');
}
