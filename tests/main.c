/* SPDX-License-Identifier: GPL-2.0-only */
/* The test runner: CUnit over every suite that was linked in. */
#include <CUnit/Basic.h>
#include <CUnit/TestDB.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "junit.h"
#include "machine/machine.h"
#include "nested.h"
#include "test.h"

extern const struct suite __start_test_suites[], __stop_test_suites[];

struct host test_host;
const char *test_image_pv, *test_image_nopv, *test_command;

static bool kvm_usable;

static char *in_dir(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		abort();
	return path;
}

/* Named on the command line, or nothing is. */
static bool chosen(const struct suite *s, char **names)
{
	if (!names[0])
		return true;
	for (; *names; names++)
		if (!strcmp(*names, s->name))
			return true;
	return false;
}

/* What this kind of host cannot show is tested on another one; here the test is inactive. */
static void add_test(CU_pSuite cu, const struct test *t, bool usable)
{
	CU_pTest test = CU_add_test(cu, t->name, t->run);

	if (!t->shows || !usable || host_shows(&test_host, t->shows - 1))
		return;
	CU_set_test_active(test, CU_FALSE);
	printf("*** SKIPPED: %s: %s: kind %s does not show it: %s\n", cu->pName, t->name,
	       host_kind_names[test_host.kind], host_show_why(&test_host, t->shows - 1));
}

static void add_suite(const struct suite *s, const char *why_not)
{
	CU_pSuite cu = CU_add_suite(s->name, NULL, NULL);

	for (size_t i = 0; i < s->nr_tests; i++)
		add_test(cu, &s->tests[i], !why_not);
	if (!why_not)
		return;
	/* CUnit counts it as inactive. */
	CU_set_suite_active(cu, CU_FALSE);
	printf("*** SKIPPED: suite %s, %zu tests: %s\n", s->name, s->nr_tests, why_not);
}

static int usage(void)
{
	fprintf(stderr, "usage: tests --build DIR [--lane here|nested|both] [--junit FILE] "
			"[--results yes] [SUITE...]\n");
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	const char *build = NULL, *junit = NULL, *lane = "here";
	bool results = false;
	struct error err = { 0 };
	unsigned int failures = 0;
	int i;

	for (i = 1; i + 1 < argc && argv[i][0] == '-'; i += 2) {
		if (!strcmp(argv[i], "--build"))
			build = argv[i + 1];
		else if (!strcmp(argv[i], "--junit"))
			junit = argv[i + 1];
		else if (!strcmp(argv[i], "--results"))
			results = !strcmp(argv[i + 1], "yes");
		else if (!strcmp(argv[i], "--lane"))
			lane = argv[i + 1];
		else
			return usage();
	}
	if (!build)
		return usage();
	test_image_pv = in_dir(build, "guest-pv.elf");
	test_image_nopv = in_dir(build, "guest-nopv.elf");
	test_command = in_dir(build, "pvtlb");
	vcpu_init_signals();
	kvm_usable = !host_open(&test_host, KVM_PATH, &err);

	if (CU_initialize_registry() != CUE_SUCCESS)
		return STATUS_FAIL;
	CU_set_fail_on_inactive(CU_FALSE);
	for (const struct suite *s = __start_test_suites; s < __stop_test_suites; s++) {
		/* What runs inside the emulated machine is what needs a KVM. */
		if (!strcmp(lane, "nested") || (test_host.emulated && !s->needs_kvm))
			continue;
		if (chosen(s, argv + i))
			add_suite(s, s->needs_kvm && !kvm_usable ? err.text : NULL);
	}
	if (strcmp(lane, "here"))
		failures = nested_add(build, argv + i);
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failures += CU_get_number_of_failure_records() + CU_get_number_of_suites_failed();
	if (!CU_get_number_of_tests_run() && (kvm_usable || strcmp(lane, "here")))
		failures++;
	if (junit && junit_write(junit)) {
		fprintf(stderr, "tests: cannot write %s\n", junit);
		failures++;
	}
	if (results)
		results_write(stdout);
	CU_cleanup_registry();
	host_close(&test_host);
	return failures ? STATUS_FAIL : STATUS_OK;
}
