/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb show: a run told, from a run and from a file. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "lab.h"
#include "test.h"
#include "unit_util.h"

static void test_runs(void)
{
	static const struct cli_case cases[] = {
		{ "show collapse-vs-gup --backend xen --key on", 0, "you forced the key" },
		{ "show collapse-vs-gup --backend xen --key on", 0, "reads table T" },
		{ "show collapse-vs-gup --backend xen --key on --against native", 0,
		  "backend native" },
		{ "show collapse-vs-gup --backend xen --key on --against native", 0,
		  "T put to another use    during the walk         after the walk" },
		{ "show collapse-vs-gup --against native", 0, "They do not differ" },
		{ "show collapse-vs-gup --cpus 2,4", 2, "is 2 numbers: 2, 4" },
		{ "show collapse-vs-gup --policy all", 2, "type one of them, as: --policy patch" },
		{ "show collapse-vs-gup --policy patch,tracked", 2, "is 2 policies: patch, tracked" },
		{ "show key", 0, "decides the key: on" },
		{ "show collapse-vs-gup --backend xen", 0, "The sync at #" },
		{ "show collapse-vs-gup", 0, "The flush's" },
		{ "show zap-vs-grab --backend xen --cpus 2", 0,
		  "Its second look, with a reference in hand" },
		{ "show zap-vs-grab --backend xen --cpus 2", 0, "and taken again (#" },
		{ "show zap-vs-grab --cpus 2", 0, "waited for the end of the walk" },
		{ "show collapse-vs-gup --backend xen --against frob", 2, "no backend frob" },
		{ "show", 2, "no scenario and no trace named" },
		{ "show frob", 2, "no scenario frob" },
		{ "show /nonexistent/t.trace", 2, "no scenario '/nonexistent/t.trace', and no file: No such" },
		{ "show frob.trace --against xen", 2, "no scenario 'frob.trace', and no file: No such" },
		{ "show key shootdown", 2, "too many words: show takes 1" },
		{ "show key --trials 3", 2, "--trials means nothing to pvtlb show" },
		{ "show collapse-vs-gup --backend xen --paravirt n", 77, "without CONFIG_PARAVIRT" },
		{ "show collapse-vs-gup -o t.txt", 2, "not a name that ends in .html, .svg or .json" },
		{ "show collapse-vs-gup -o .svg", 2, "not a name that ends" },
		{ "show collapse-vs-gup -o t.svg --against xen", 2, "has room for one run" },
		{ "show collapse-vs-gup -o /nonexistent/t.html", 1, "/nonexistent/t.html: " },
		{ "show /dev/null", 1, "there is no run in it" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* Of a file, without any machine. */
static void test_trace(void)
{
	char path[256], args[512];
	const char *dir = cli_dir();

	snprintf(path, sizeof(path), "%s/t", dir);
	snprintf(args, sizeof(args), "run collapse-vs-gup --backend pvtlb --key on --trace %s", path);
	CU_ASSERT_EQUAL(cli_run(args), 1);
	snprintf(args, sizeof(args), "show %s", path);
	CU_ASSERT_EQUAL(cli_run(args), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "skips the sync"));
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "you forced the key"));
	CU_ASSERT_PTR_NULL(strstr(cli_out, "has more runs"));
	snprintf(args, sizeof(args), "run key --backend native --cpus 2,3 --trace %s", path);
	CU_ASSERT_EQUAL(cli_run(args), 0);
	snprintf(args, sizeof(args), "show %s", path);
	CU_ASSERT_EQUAL(cli_run(args), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "has more runs; this is its first"));
	unlink(path);
	cli_dir_gone();
}

static void test_html(void)
{
	char path[256], args[512];
	struct stat st;

	snprintf(path, sizeof(path), "%s/t.html", cli_dir());
	snprintf(args, sizeof(args),
		 "show collapse-vs-gup --backend xen --key on --against native -o %s", path);
	CU_ASSERT_EQUAL(cli_run(args), 0);
	snprintf(args, sizeof(args), "written: %s\n", path);
	CU_ASSERT_STRING_EQUAL(cli_out, args);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT(st.st_size > 20000 && st.st_size < 300 * 1024);
	unlink(path);
	cli_dir_gone();
}

/* What other programs read is what they read. */
static void test_forms(void)
{
	static const char *const endings[] = { "svg", "json" };
	char path[256], args[512];

	for (unsigned int i = 0; i < 2; i++) {
		char *text = NULL;
		size_t room = 0;
		FILE *from;

		snprintf(path, sizeof(path), "%s/t.%s", cli_dir(), endings[i]);
		snprintf(args, sizeof(args), "show collapse-vs-gup --backend xen --key on -o %s", path);
		CU_ASSERT_EQUAL(cli_run(args), 0);
		from = fopen(path, "r");
		CU_ASSERT_FATAL(from && getdelim(&text, &room, 0, from) > 0);
		fclose(from);
		if (i) {
			json_t *trace = json_loads(text, 0, NULL);

			CU_ASSERT(json_array_size(json_object_get(trace, "traceEvents")) > 200);
			json_decref(trace);
		} else {
			CU_ASSERT_EQUAL(strncmp(text, "<svg ", 5), 0);
			CU_ASSERT_PTR_NOT_NULL(strstr(text, ">sync skipped<"));
			CU_ASSERT_PTR_NOT_NULL(strstr(text, ">mm 2<"));
			CU_ASSERT_PTR_NOT_NULL(strstr(text, "<circle class=\"bad\""));
		}
		free(text);
		unlink(path);
		cli_dir_gone();
	}
}

/* What is only in the pictures that it belongs in: marks, and what the legend has. */
static void test_pictures(void)
{
	static const struct {
		const char *run, *has[3], *not[3];
	} cases[] = {
		{ "lazy-missed --backend native",
		  { ">flush mm 1, gen 4, lazy too<", ">up to gen 4<", ">lazy TLB mode<" },
		  { ">hypervisor flushes<", ">held by the VMM<", "class=\"skip" } },
		{ "collapse-vs-gup --backend native",
		  { "class=\"skip\"", ">held by the VMM<", ">IPI<" },
		  { "class=\"skip wrong\"", ">lazy TLB mode<", ">up to gen" } },
		{ "collapse-vs-gup --backend xen --key on",
		  { "class=\"skip wrong\"", ">hypervisor flushes<", ">flush<" },
		  { "class=\"skip\"", ">IPI<", ">up to gen" } },
	};

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[256], args[512], *text = NULL;
		size_t room = 0;
		FILE *from;

		snprintf(path, sizeof(path), "%s/t.svg", cli_dir());
		snprintf(args, sizeof(args), "show %s -o %s", cases[i].run, path);
		CU_ASSERT_EQUAL(cli_run(args), 0);
		from = fopen(path, "r");
		CU_ASSERT_FATAL(from && getdelim(&text, &room, 0, from) > 0);
		fclose(from);
		for (unsigned int j = 0; j < 3; j++) {
			EXPECT(strstr(text, cases[i].has[j]), "%s: no %s", cases[i].run,
			       cases[i].has[j]);
			EXPECT(!strstr(text, cases[i].not[j]), "%s: %s", cases[i].run,
			       cases[i].not[j]);
		}
		free(text);
		unlink(path);
		cli_dir_gone();
	}
}

SUITE(cli_show, true, { "runs", test_runs }, { "a trace", test_trace },
      { "a page", test_html }, { "a picture, a trace", test_forms },
      { "what is in a picture", test_pictures });
