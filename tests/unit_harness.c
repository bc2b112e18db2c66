/* SPDX-License-Identifier: GPL-2.0-only */
/* The tests' own machinery: what an ended run leaves, and what the emulated machine says. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nested.h"
#include "unit_util.h"
#include "wire.h"

/* All of a file; "" if it is not there. To be freed. */
static char *contents(const char *path)
{
	char *text = calloc(1, 1 << 20);
	FILE *from = fopen(path, "r");

	if (from && fread(text, 1, (1 << 20) - 1, from) == 0)
		text[0] = 0;
	if (from)
		fclose(from);
	return text;
}

/* Every element that begins ends, in the right order. Attributes have no '>' in them. */
static bool well_formed(const char *xml)
{
	char open[16][64];
	unsigned int depth = 0, elements = 0;

	for (const char *at = strchr(xml, '<'); at; at = strchr(at + 1, '<')) {
		const char *end = strchr(at, '>');
		char name[64] = "";

		if (!end)
			return false;
		if (at[1] == '?' || end[-1] == '/')
			continue;
		sscanf(at, at[1] == '/' ? "</%63[a-z]" : "<%63[a-z]", name);
		if (at[1] == '/') {
			if (!depth || strcmp(open[--depth], name))
				return false;
		} else {
			if (depth == NR_OF(open))
				return false;
			strcpy(open[depth++], name);
			elements++;
		}
	}
	return elements && !depth;
}

/* This program again, its output to fd. */
static pid_t run_tests(int fd, const char *const *args)
{
	const char *argv[16] = { "tests", "--build", test_build };
	pid_t pid = fork();
	size_t n = 3;

	if (pid)
		return pid;
	while (*args)
		argv[n++] = *args++;
	dup2(fd, 1);
	dup2(fd, 2);
	execv("/proc/self/exe", (char **)argv);
	_exit(99);
}

/*
 * A pipe that has room for one line of a run's: at the second the run stands still. What a pipe
 * holds is a page here, and a short write goes into it whole or waits.
 */
static void narrow_pipe(int fd[2], size_t room)
{
	static const char filler[4096];

	CU_ASSERT_EQUAL_FATAL(pipe2(fd, O_CLOEXEC), 0);
	CU_ASSERT_EQUAL_FATAL(fcntl(fd[1], F_SETPIPE_SZ, 4096), 4096);
	CU_ASSERT_EQUAL_FATAL(write(fd[1], filler, 4096 - room), (ssize_t)(4096 - room));
}

/* Killed in its second suite, a run leaves a whole file with the first, and the word that it ended.
 */
static void killed(void)
{
	char path[] = "/tmp/pvtlb-test-XXXXXX", *xml = NULL;
	const char *args[] = { "--junit", path, "unit_kvm", "unit_mem", NULL };
	int fd[2], status = 0, file = mkstemp(path);
	pid_t pid;

	CU_ASSERT_FATAL(file >= 0);
	close(file);
	narrow_pipe(fd, 50);
	pid = run_tests(fd[1], args);
	for (int i = 0; i < 6000 && (!xml || !strstr(xml, "unit_kvm")); i++) {
		free(xml);
		usleep(10000);
		xml = contents(path);
	}
	CU_ASSERT_EQUAL(kill(pid, SIGKILL), 0);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFSIGNALED(status));
	CU_ASSERT_TRUE(well_formed(xml));
	CU_ASSERT_PTR_NOT_NULL(strstr(xml, "<testsuite name=\"unit_kvm\""));
	CU_ASSERT_PTR_NULL(strstr(xml, "<testsuite name=\"unit_mem\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(xml, "<error message=\"it did not\""));
	free(xml);
	close(fd[0]);
	close(fd[1]);
	unlink(path);
}

/* One that comes to its end leaves all, and no such word. */
static void whole(void)
{
	char path[] = "/tmp/pvtlb-test-XXXXXX", *xml;
	const char *args[] = { "--junit", path, "unit_kvm", "unit_mem", NULL };
	int status = 0, file = mkstemp(path), null = open("/dev/null", O_WRONLY);

	CU_ASSERT_FATAL(file >= 0 && null >= 0);
	close(file);
	waitpid(run_tests(null, args), &status, 0);
	CU_ASSERT_TRUE(WIFEXITED(status) && !WEXITSTATUS(status));
	xml = contents(path);
	CU_ASSERT_TRUE(well_formed(xml));
	CU_ASSERT_PTR_NOT_NULL(strstr(xml, "<testsuite name=\"unit_kvm\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(xml, "<testsuite name=\"unit_mem\""));
	CU_ASSERT_PTR_NULL(strstr(xml, "<error"));
	free(xml);
	close(null);
	unlink(path);
}

/* That file's own check has to find something, too. */
static void not_well_formed(void)
{
	CU_ASSERT_TRUE(well_formed("<?xml?>\n<a><b x=\"1\">t</b><c/></a>\n"));
	CU_ASSERT_FALSE(well_formed(""));
	CU_ASSERT_FALSE(well_formed("<a><b></a></b>"));
	CU_ASSERT_FALSE(well_formed("<a><b></b>"));
	CU_ASSERT_FALSE(well_formed("<a><b"));
}

static void unknown_suite(void)
{
	char path[] = "/tmp/pvtlb-test-XXXXXX", *said;
	const char *args[] = { "unit_mem", "frob", NULL };
	int status = 0, file = mkstemp(path);

	CU_ASSERT_FATAL(file >= 0);
	waitpid(run_tests(file, args), &status, 0);
	said = contents(path);
	CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == STATUS_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "no suite 'frob'; there are: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, " unit_harness"));
	free(said);
	close(file);
	unlink(path);
}

/* What is written of a result, line by line, is what is read. */
static void lines(void)
{
	CU_Suite suite = { .pName = "s" };
	CU_Test test = { .pName = "a: b" };
	struct result r = { .suite = &suite, .test = &test };
	static const char *const want[] = {
		"@test s\ta: b", "@say one",	  "@say two",	    "@fail f.c:1: x",
		"@done 1.500",	 "@test s\ta: b", "@skip not here",
	};
	static const enum wire_kind kind[] = { WIRE_TEST, WIRE_SAY,  WIRE_SAY, WIRE_FAIL,
					       WIRE_DONE, WIRE_TEST, WIRE_SKIP };
	char *text = NULL, *line, *save, *rest;
	size_t len, i = 0;
	FILE *to = open_memstream(&text, &len);
	enum wire_kind k;

	r.outcome = OUTCOME_FAILED;
	r.seconds = 1.5;
	text_add(&r.said, "one\ntwo");
	text_add(&r.failures, "f.c:1: x");
	wire_result(to, &r);
	free(r.said);
	r.said = NULL;
	r.outcome = OUTCOME_SKIPPED;
	text_add(&r.said, "not here");
	wire_result(to, &r);
	fclose(to);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save), i++) {
		if (!EXPECT(i < NR_OF(want) && !strcmp(line, want[i]), "line %zu: %s", i, line))
			break;
		EXPECT(wire_read(line, &k, &rest) && k == kind[i], "%s", line);
		EXPECT(!strcmp(rest, strchr(want[i], ' ') + 1), "'%s'", rest);
	}
	CU_ASSERT_EQUAL(i, NR_OF(want));
	free(r.said);
	free(r.failures);
	free(text);
}

static void no_lines(void)
{
	static const char *const other[] = { "",  "x",	   "test s\tt", "@tests s\tt",
					     "@", " @end", "@ending" };
	enum wire_kind k;
	char *rest;

	for (size_t i = 0; i < NR_OF(other); i++) {
		char line[32];

		strcpy(line, other[i]);
		EXPECT(!wire_read(line, &k, &rest), "'%s'", other[i]);
	}
}

static void choice(void)
{
	const char *stray = nested_choice_stray();

	EXPECT(!stray, "'%s' begins no test of a suite that needs KVM, or several", stray);
}

SUITE(unit_harness, false, { "a run that is killed leaves its JUnit", killed },
      { "a run that ends leaves all of it", whole }, { "XML that is none", not_well_formed },
      { "a suite that is not there", unknown_suite }, { "lines of the emulated machine", lines },
      { "lines that are none", no_lines },
      { "each row of the short lane's table picks a test", choice });
