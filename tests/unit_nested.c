/* SPDX-License-Identifier: GPL-2.0-only */
/* The nested lane with a script in the machine's place, that says what a machine might say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nested.h"
#include "unit_util.h"

static char dir[] = "/tmp/pvtlb-test-XXXXXX";

/* A suite that the lane can be asked for, whichever. */
static const struct suite *some_suite(void)
{
	for (const struct suite *s = __start_test_suites; s < __stop_test_suites; s++)
		if (s->needs_kvm && s->nr_tests > 1)
			return s;
	abort();
}

static const char *place(const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s%s", dir, name);
	return path;
}

/* The machine: says that each test of the suite ended so, '.' well, 'F' not, 's' skipped, 'h' hung.
 */
static void say_results(FILE *to, const struct suite *s, const char *how)
{
	fprintf(to, "@begin\n");
	for (size_t i = 0; how[i]; i++) {
		/* What is left of a row is of all tests that are left. */
		for (size_t t = i; t < (how[i + 1] ? i + 1 : s->nr_tests); t++) {
			fprintf(to, "@test %s\t%s\n", s->name, s->tests[t].name);
			if (how[i] == 's')
				fprintf(to, "@skip because\n");
			if (how[i] == 'F' || how[i] == 'h')
				fprintf(to, "@fail f.c:7: x\n");
			if (how[i] == 'F' || how[i] == '.')
				fprintf(to, "@done 1\n");
		}
	}
}

static const struct machine_case {
	const char *first, *second; /* boots; NULL: none */
	bool end;
	int status, lane; /* the machine's, and what must come of it */
	const char *says; /* by the run */
	const char *kind; /* NULL: svm */
} cases[] = {
	{ ".", NULL, true, 0, 0, "ok      1.00 s  svm (nested): " },
	{ "s.", NULL, true, 0, 0, "SKIP        -   svm (nested): " },
	{ "F.", NULL, true, 1, 1, "f.c:7: x" },
	/* Booted again: what had ended stays, and where it hung is run once more. */
	{ "F.", ".", true, 0, 1, "f.c:7: x" },
	{ ".", "F.", true, 0, 0, "ok      1.00 s  svm (nested): " },
	{ "h", ".", true, 0, 0, "ok      1.00 s  svm (nested): " },
	{ ".h", "F.", true, 0, 0, "ok      1.00 s  svm (nested): " },
	{ ".h", "F", true, 1, 1, "f.c:7: x" },
	{ ".", NULL, false, 1, 1, "the nested lane did not come to its end (status 1)" },
	{ ".", NULL, false, 0, 1, "the nested lane did not come to its end (status 0)" },
	{ ".", NULL, true, 1, 1, "failed, and none of its tests did (status 1)" },
	{ "s", NULL, true, 0, 1, "no test of the nested lane ran" },
	{ NULL, NULL, true, 0, 1, "the machine did not come to this test" },
	{ NULL, NULL, false, 77, 1, "SKIPPED: the whole nested lane: no emulated machine" },
	/* Fewer tests, and no machine is no error. */
	{ ".", NULL, true, 0, 0, "ok      1.00 s  vmx (nested): ", "vmx" },
	{ "F.", NULL, true, 1, 1, "f.c:7: x", "vmx" },
	{ ".", NULL, false, 1, 1, "the nested lane did not come to its end (status 1)", "vmx" },
	{ NULL, NULL, true, 0, 1, "the machine did not come to this test", "vmx" },
	{ NULL, NULL, false, 77, 77, "SKIPPED: the whole nested lane: no emulated machine", "vmx" },
};

/* A build directory that has nothing but such a machine. */
static void write_machine(const struct suite *s, const struct machine_case *c)
{
	FILE *to = fopen(place("/nested/run.sh"), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	fprintf(to, "cat <<'END'\n");
	if (c->first)
		say_results(to, s, c->first);
	if (c->second)
		say_results(to, s, c->second);
	fprintf(to, "%sEND\nexit %d\n", c->end ? "@end\n" : "", c->status);
	fclose(to);
}

static void machines(void)
{
	const struct suite *s = some_suite();
	char self[512] = "", command[1024], said[1 << 16];

	CU_ASSERT_FATAL(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	CU_ASSERT_EQUAL_FATAL(mkdir(place("/nested"), 0700), 0);
	for (size_t i = 0; i < NR_OF(cases); i++) {
		int status;
		FILE *from;

		snprintf(command, sizeof(command), "%s --build %s --lane nested --kind %s %s 2>&1",
			 self, dir, cases[i].kind ? cases[i].kind : "svm", s->name);
		write_machine(s, &cases[i]);
		from = popen(command, "r");
		CU_ASSERT_PTR_NOT_NULL_FATAL(from);
		said[fread(said, 1, sizeof(said) - 1, from)] = 0;
		status = pclose(from);
		EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == cases[i].lane,
		       "case %zu: ended with %d\n%s", i, WEXITSTATUS(status), said);
		EXPECT(strstr(said, cases[i].says), "case %zu: no '%s' in\n%s", i, cases[i].says,
		       said);
	}
	unlink(place("/nested/run.sh"));
	rmdir(place("/nested"));
	rmdir(dir);
}

SUITE(unit_nested, false, { "whatever a machine says", machines });
