/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for programs that look at tests: TAP and JUnit XML. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "report/junit.h"
#include "report/tap.h"
#include "unit_util.h"

static const struct backend backend = { .name = "xen", .provider = "vmm", .paravirt = true };

static struct run_result result(enum verdict verdict)
{
	static char report[] = "one\n  </failure>\n";

	return (struct run_result){
		.config = { .scenario = "key", .backend = &backend, .paravirt = true, .cpus = 4 },
		.judgement = { .verdict = verdict, .why = "a < b & \"c\"" },
		.report = verdict == VERDICT_FAIL ? report : NULL,
		.seconds = 0.25,
	};
}

static char *text;
static size_t text_len;

static FILE *begin(void)
{
	FILE *to = open_memstream(&text, &text_len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	return to;
}

static void tap(void)
{
	FILE *to = begin();

	tap_begin(to, 4);
	for (int v = VERDICT_PASS; v <= VERDICT_UNKNOWN; v++) {
		struct run_result r = result(v);

		tap_run(to, v + 1, &r);
	}
	fclose(to);
	EXPECT(!strcmp(text, "TAP version 14\n1..4\n"
			     "ok 1 - key, backend xen, 4 CPUs\n# a < b & \"c\"\n"
			     "not ok 2 - key, backend xen, 4 CPUs\n# a < b & \"c\"\n# one\n#   </failure>\n"
			     "ok 3 - key, backend xen, 4 CPUs # SKIP a < b & \"c\"\n"
			     "not ok 4 - key, backend xen, 4 CPUs\n# a < b & \"c\"\n"),
	       "is: %s", text);
	free(text);
	to = begin();
	tap_begin(to, 0);
	tap_bail(to, "so");
	fclose(to);
	EXPECT(!strcmp(text, "TAP version 14\n1..0 # SKIP nothing to run\nBail out! so\n"),
	       "is: %s", text);
	free(text);
}

/* Elements are closed in the order in which they were opened, and each "&" is an entity's. */
static bool well_formed(const char *xml)
{
	char open[16][32];
	unsigned int depth = 0, elements = 0;

	if (strncmp(xml, "<?xml ", 6))
		return false;
	for (const char *at = strstr(xml, "?>") + 2; *at; at++) {
		const char *end = strchr(at, '>');
		size_t len = strcspn(at + 1, " />\n");

		if (*at == '&' && strncmp(at, "&amp;", 5) && strncmp(at, "&lt;", 4) &&
		    strncmp(at, "&gt;", 4) && strncmp(at, "&quot;", 6))
			return false;
		if (*at != '<') {
			if (!depth && !isspace((unsigned char)*at))
				return false;
			continue;
		}
		if (!end || memchr(at + 1, '<', end - at - 1))
			return false;
		if (at[1] == '/') {
			len = end - at - 2;
			if (!depth-- || strlen(open[depth]) != len ||
			    strncmp(open[depth], at + 2, len))
				return false;
		} else if (end[-1] != '/') {
			if (depth == NR_OF(open) || len >= sizeof(open[0]))
				return false;
			snprintf(open[depth++], sizeof(open[0]), "%.*s", (int)len, at + 1);
		}
		elements++;
		at = end;
	}
	return !depth && elements;
}

static void junit(void)
{
	struct junit_report report = { 0 };
	FILE *to = begin();

	for (int v = VERDICT_PASS; v <= VERDICT_UNKNOWN; v++) {
		struct run_result r = result(v);

		junit_run(&report, &r);
	}
	junit_end(&report, true, to);
	fclose(to);
	EXPECT(well_formed(text), "is: %s", text);
	EXPECT(strstr(text,
		      "tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\" time=\"1.000\">"),
	       "is: %s", text);
	EXPECT(strstr(text, "<testcase classname=\"pvtlb.key\" name=\"key, backend xen, 4 CPUs\" "
			    "time=\"0.250\"></testcase>"),
	       "is: %s", text);
	EXPECT(strstr(text,
		      "<failure message=\"a &lt; b &amp; &quot;c&quot;\">one\n  &lt;/failure&gt;"),
	       "is: %s", text);
	EXPECT(!strstr(text, "comes to its end"), "is: %s", text);
	free(text);
}

/* Nothing was run, or not all: no file that looks like success. */
static void junit_cut(void)
{
	struct junit_report report = { 0 };
	FILE *to = begin();

	junit_end(&report, false, to);
	fclose(to);
	EXPECT(well_formed(text), "is: %s", text);
	EXPECT(strstr(text, "tests=\"1\" failures=\"0\" errors=\"1\""), "is: %s", text);
	EXPECT(strstr(text, "comes to its end"), "is: %s", text);
	free(text);
	CU_ASSERT_FALSE(well_formed("<?xml ?><a><b></a></b>"));
	CU_ASSERT_FALSE(well_formed("<?xml ?><a>&</a>"));
	CU_ASSERT_FALSE(well_formed("<?xml ?><a>"));
	CU_ASSERT_TRUE(well_formed("<?xml ?><a>&amp;<b/></a>"));
}

SUITE(unit_ci, false, { "TAP", tap }, { "JUnit", junit },
      { "JUnit of an end too early", junit_cut });
