/* SPDX-License-Identifier: GPL-2.0-only */
/* Results as JUnit XML. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "report/junit.h"

/* Text for an element or an attribute; what XML 1.0 has no way to say becomes a blank. */
static void escaped(FILE *to, const char *text)
{
	static const struct {
		char c;
		const char *as;
	} escapes[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" } };

	for (; *text; text++) {
		const char *as = NULL;

		for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
			if (escapes[i].c == *text)
				as = escapes[i].as;
		if (as)
			fputs(as, to);
		else
			fputc((unsigned char)*text < ' ' && *text != '\n' ? ' ' : *text, to);
	}
}

static void element(FILE *to, const char *name, const struct run_result *r, const char *more)
{
	fprintf(to, "<%s message=\"", name);
	escaped(to, r->judgement.why);
	fputs("\">", to);
	escaped(to, more);
	fprintf(to, "</%s>", name);
}

void junit_run(struct junit_report *report, const struct run_result *r)
{
	char label[256];
	FILE *to;

	if (!report->cases)
		report->cases = open_memstream(&report->text, &report->len);
	if (!report->cases)
		abort();
	to = report->cases;
	totals_add(&report->totals, r);
	fputs("    <testcase classname=\"pvtlb.", to);
	escaped(to, r->config.scenario);
	fputs("\" name=\"", to);
	escaped(to, run_label(&r->config, label, sizeof(label)));
	fprintf(to, "\" time=\"%.3f\">", r->seconds);
	if (r->judgement.verdict == VERDICT_SKIP)
		element(to, "skipped", r, "");
	else if (r->judgement.verdict == VERDICT_FAIL)
		element(to, "failure", r, r->report ? r->report : "");
	else if (r->judgement.verdict == VERDICT_UNKNOWN)
		element(to, "error", r, r->report ? r->report : "");
	fputs("</testcase>\n", to);
}

void junit_end(struct junit_report *report, bool complete, FILE *to)
{
	const struct totals *t = &report->totals;

	if (report->cases && fclose(report->cases))
		abort();
	fprintf(to,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
		"  <testsuite name=\"pvtlb run\" tests=\"%u\" failures=\"%u\" errors=\"%u\" "
		"skipped=\"%u\" time=\"%.3f\">\n%s",
		t->runs + !complete, t->failed, t->unknown + !complete, t->skipped, t->seconds,
		report->text ? report->text : "");
	if (!complete)
		fputs("    <testcase classname=\"pvtlb\" name=\"comes to its end\">"
		      "<error message=\"it did not\"/></testcase>\n",
		      to);
	fputs("  </testsuite>\n</testsuites>\n", to);
	free(report->text);
	*report = (struct junit_report){ 0 };
}
