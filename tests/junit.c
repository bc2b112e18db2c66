/* SPDX-License-Identifier: GPL-2.0-only */
/* The results so far as JUnit XML. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "junit.h"
#include "results.h"

static void escaped(FILE *to, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", to);
			break;
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		default:
			fputc((unsigned char)*text < ' ' && *text != '\n' ? ' ' : *text, to);
		}
	}
}

static void attribute(FILE *to, const char *name, const char *value)
{
	fprintf(to, " %s=\"", name);
	escaped(to, value);
	fputc('"', to);
}

static void write_test(FILE *to, const struct result *r)
{
	fputs("    <testcase", to);
	attribute(to, "classname", r->suite->pName);
	attribute(to, "name", r->test->pName);
	fprintf(to, " time=\"%.3f\">", r->seconds);
	if (r->outcome == OUTCOME_SKIPPED) {
		fputs("<skipped>", to);
		escaped(to, r->said);
		fputs("</skipped>", to);
	}
	if (r->failures) {
		fputs("<failure>", to);
		escaped(to, r->failures);
		escaped(to, r->said ? r->said : "");
		fputs("</failure>", to);
	}
	fputs("</testcase>\n", to);
}

/* Results first to last, but not last, are those of one suite. */
static void write_suite(FILE *to, size_t first, size_t last)
{
	unsigned int nr[OUTCOME_SKIPPED + 1] = { 0 };
	double seconds = 0;

	for (size_t i = first; i < last; i++) {
		nr[result_at(i)->outcome]++;
		seconds += result_at(i)->seconds;
	}
	if (nr[OUTCOME_PENDING])
		return;
	fputs("  <testsuite", to);
	attribute(to, "name", result_at(first)->suite->pName);
	fprintf(to, " tests=\"%zu\" failures=\"%u\" skipped=\"%u\" time=\"%.3f\">\n", last - first,
		nr[OUTCOME_FAILED], nr[OUTCOME_SKIPPED], seconds);
	for (size_t i = first; i < last; i++)
		write_test(to, result_at(i));
	fputs("  </testsuite>\n", to);
}

static void write_all(FILE *to, bool ended)
{
	size_t first = 0, last;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", to);
	for (; result_at(first); first = last) {
		for (last = first; result_at(last); last++)
			if (result_at(last)->suite != result_at(first)->suite)
				break;
		write_suite(to, first, last);
	}
	if (!ended)
		fputs("  <testsuite name=\"the run\" tests=\"1\" errors=\"1\">\n"
		      "    <testcase classname=\"the run\" name=\"comes to its end\">"
		      "<error message=\"it did not\"/></testcase>\n"
		      "  </testsuite>\n",
		      to);
	fputs("</testsuites>\n", to);
}

int junit_write(const char *path, bool ended)
{
	char *new;
	FILE *to;
	int bad;

	if (asprintf(&new, "%s.new", path) < 0)
		abort();
	to = fopen(new, "w");
	bad = !to;
	if (to) {
		write_all(to, ended);
		bad = ferror(to);
		bad |= fclose(to);
		if (!bad)
			bad = rename(new, path);
		if (bad)
			unlink(new);
	}
	free(new);
	return bad ? -1 : 0;
}
