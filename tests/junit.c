/* SPDX-License-Identifier: GPL-2.0-only */
/* CUnit's results as JUnit XML. */
#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <stdio.h>

#include "junit.h"

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
			fputc((unsigned char)*text < ' ' ? ' ' : *text, to);
		}
	}
}

static unsigned int count_failures(CU_pSuite suite, CU_pTest test)
{
	unsigned int n = 0;

	for (CU_pFailureRecord f = CU_get_failure_list(); f; f = f->pNext)
		n += f->pSuite == suite && (!test || f->pTest == test);
	return n;
}

static void write_test(FILE *to, CU_pSuite suite, CU_pTest test)
{
	fputs("    <testcase classname=\"", to);
	escaped(to, suite->pName);
	fputs("\" name=\"", to);
	escaped(to, test->pName);
	fputs("\">", to);
	if (!suite->fActive)
		fputs("<skipped/>", to);
	for (CU_pFailureRecord f = CU_get_failure_list(); f; f = f->pNext) {
		if (f->pSuite != suite || f->pTest != test)
			continue;
		fputs("<failure message=\"", to);
		escaped(to, f->strCondition ? f->strCondition : "");
		fprintf(to, "\">%s:%u</failure>", f->strFileName ? f->strFileName : "", f->uiLineNumber);
	}
	fputs("</testcase>\n", to);
}

int junit_write(const char *path)
{
	FILE *to = fopen(path, "w");

	if (!to)
		return -1;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", to);
	for (CU_pSuite suite = CU_get_registry()->pSuite; suite; suite = suite->pNext) {
		fputs("  <testsuite name=\"", to);
		escaped(to, suite->pName);
		fprintf(to, "\" tests=\"%u\" failures=\"%u\" skipped=\"%u\">\n", suite->uiNumberOfTests,
			count_failures(suite, NULL), suite->fActive ? 0 : suite->uiNumberOfTests);
		for (CU_pTest test = suite->pTest; test; test = test->pNext)
			write_test(to, suite, test);
		fputs("  </testsuite>\n", to);
	}
	fputs("</testsuites>\n", to);
	return fclose(to) ? -1 : 0;
}
