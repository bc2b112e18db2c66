/* SPDX-License-Identifier: GPL-2.0-only */
/* The test runner: CUnit over every suite that was linked in. */
#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "junit.h"
#include "machine/machine.h"
#include "nested.h"
#include "progress.h"
#include "results.h"
#include "test.h"
#include "wire.h"

struct host test_host;
const char *test_build, *test_image_pv, *test_image_nopv, *test_command;
bool test_full;

static bool kvm_usable;
static const char *junit;
static bool junit_bad;

static struct {
	bool here, nested;	  /* lanes */
	unsigned int part, parts; /* of the emulated machine's tests, in it; 0: not in it */
	bool verbose;
	char **names; /* of suites; none: all */
} opt = { .here = true };

static char *in_dir(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		abort();
	return path;
}

/* Named on the command line, or nothing is. */
static bool chosen(const struct suite *s)
{
	if (!opt.names[0])
		return true;
	for (char **name = opt.names; *name; name++)
		if (!strcmp(*name, s->name))
			return true;
	return false;
}

static bool names_exist(void)
{
	const struct suite *s;

	for (char **name = opt.names; *name; name++) {
		for (s = __start_test_suites; s < __stop_test_suites; s++)
			if (!strcmp(*name, s->name))
				break;
		if (s < __stop_test_suites)
			continue;
		fprintf(stderr, "tests: no suite '%s'; there are:", *name);
		for (s = __start_test_suites; s < __stop_test_suites; s++)
			fprintf(stderr, " %s", s->name);
		fputc('\n', stderr);
		return false;
	}
	return true;
}

/* What this kind of host cannot show is tested on another one; here the test is inactive. */
static void add_test(CU_pSuite cu, const struct suite *s, const struct test *t, const char *why_not)
{
	CU_pTest test = CU_add_test(cu, t->name, t->run);
	struct result *r = result_add(cu, test);
	char *why;

	r->brief = !s->needs_kvm;
	if (why_not) {
		result_skip(r, why_not);
		return;
	}
	if (!t->shows || host_shows(&test_host, t->shows - 1))
		return;
	if (asprintf(&why, "kind %s does not show it: %s", host_kind_names[test_host.kind],
		     host_show_why(&test_host, t->shows - 1)) < 0)
		abort();
	result_skip(r, why);
	free(why);
	progress_skipped(r);
}

static void add_suite(const struct suite *s, const char *why_not)
{
	static unsigned int in_machine;
	CU_pSuite cu = NULL;

	for (size_t i = 0; i < s->nr_tests; i++) {
		const struct test *t = &s->tests[i];

		if (opt.parts && (!nested_has(s, t, opt.names[0]) ||
				  !nested_in_part(in_machine++, opt.part, opt.parts)))
			continue;
		if (!cu)
			cu = CU_add_suite(s->name, NULL, NULL);
		add_test(cu, s, t, why_not);
	}
	if (!cu || !why_not)
		return;
	CU_set_suite_active(cu, CU_FALSE);
	progress_note(PROGRESS_LOUD "SKIPPED: suite %s, %zu tests: %s", s->name, s->nr_tests,
		      why_not);
}

static void add_nested(const struct suite *s)
{
	for (size_t i = 0; i < s->nr_tests; i++)
		if (nested_has(s, &s->tests[i], opt.names[0]))
			nested_add(s, &s->tests[i]);
}

static void write_junit(void)
{
	if (junit && !junit_bad && junit_write(junit, false)) {
		fprintf(stderr, "tests: cannot write %s\n", junit);
		junit_bad = true;
	}
}

static int usage(void)
{
	fprintf(stderr, "usage: tests --build DIR [--lane here|nested|both] [--kind svm|vmx]\n"
			"             [--full] [--verbose] [--junit FILE] [--part K/N] [SUITE...]\n"
			"--kind: of the emulated machine of lane nested; "
			"--full: all CPU counts, all trials; --part: inside the emulated machine, "
			"K-th of N\n");
	return STATUS_USAGE;
}

static bool set_lane(const char *lane)
{
	opt.here = !strcmp(lane, "here") || !strcmp(lane, "both");
	opt.nested = !strcmp(lane, "nested") || !strcmp(lane, "both");
	return opt.here || opt.nested;
}

static bool set_kind(const char *kind)
{
	nested_kind = strcmp(kind, host_kind_names[HOST_VMX]) ? HOST_SVM : HOST_VMX;
	return !strcmp(kind, host_kind_names[nested_kind]);
}

static bool parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "build", required_argument, NULL, 'b' },
		{ "lane", required_argument, NULL, 'l' },
		{ "kind", required_argument, NULL, 'k' },
		{ "full", no_argument, NULL, 'f' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "junit", required_argument, NULL, 'j' },
		{ "part", required_argument, NULL, 'p' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'b')
			test_build = optarg;
		else if (c == 'f')
			test_full = true;
		else if (c == 'v')
			opt.verbose = true;
		else if (c == 'j')
			junit = optarg;
		else if (c == 'l'   ? !set_lane(optarg)
			 : c == 'k' ? !set_kind(optarg)
			 : c == 'p' ? sscanf(optarg, "%u/%u", &opt.part, &opt.parts) != 2 ||
					      opt.part >= opt.parts
				    : true)
			return false;
	}
	opt.names = argv + optind;
	return test_build;
}

static void add_all(const char *no_kvm)
{
	const struct suite *s;

	for (s = __start_test_suites; s < __stop_test_suites && opt.here; s++)
		if (chosen(s))
			add_suite(s, s->needs_kvm && !kvm_usable ? no_kvm : NULL);
	for (s = __start_test_suites; s < __stop_test_suites && opt.nested; s++)
		if (chosen(s))
			add_nested(s);
}

int main(int argc, char **argv)
{
	unsigned int failures, lane_bad;
	bool skipped = false;
	struct error err = { 0 };

	if (!parse(argc, argv))
		return usage();
	if (!names_exist())
		return STATUS_USAGE;
	progress_style(opt.parts     ? PROGRESS_WIRE
		       : opt.verbose ? PROGRESS_VERBOSE
				     : PROGRESS_NORMAL);
	test_image_pv = in_dir(test_build, "guest-pv.elf");
	test_image_nopv = in_dir(test_build, "guest-nopv.elf");
	test_command = in_dir(test_build, "pvtlb");
	vcpu_init_signals();
	kvm_usable = !host_open(&test_host, KVM_PATH, &err);

	if (CU_initialize_registry() != CUE_SUCCESS)
		return STATUS_FAIL;
	CU_set_fail_on_inactive(CU_FALSE);
	progress_run_begins();
	add_all(err.text);
	nested_start(opt.names);
	write_junit();
	results_run(nested_before, write_junit);
	failures = CU_get_number_of_failure_records() + CU_get_number_of_suites_failed();
	lane_bad = nested_finish();
	if (!CU_get_number_of_tests_run() && (kvm_usable || opt.nested)) {
		fprintf(stderr, "tests: none of these tests runs here\n");
		/* Of kind svm there is a machine wherever there is a compiler. */
		skipped = nested_kind == HOST_VMX && nested_none();
		failures += !skipped;
	}
	junit_bad = junit_bad || (junit && junit_write(junit, !lane_bad));
	progress_run_ended();
	CU_cleanup_registry();
	host_close(&test_host);
	if (failures || lane_bad || junit_bad)
		return STATUS_FAIL;
	return skipped ? STATUS_SKIP : STATUS_OK;
}
