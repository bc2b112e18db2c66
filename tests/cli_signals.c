/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb run, told to stop. */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "test.h"

/* Until the process has so many threads: its guests run. At most a minute. */
static void wait_for_threads(pid_t pid, unsigned int nr)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	for (int i = 0; i < 600; i++) {
		struct stat st;

		/* A directory's link count: itself, its parent, one for each thread. */
		if (!stat(path, &st) && st.st_nlink >= 2 + nr)
			return;
		usleep(100000);
	}
	CU_FAIL("no guest came to run");
}

static const char *const one[] = { "hang", "--timeout", "60", "--verbose", NULL };
/* None of these ends by itself within a test. */
static const char *const many[] = { "shootdown", "--trials", "1000000", "--cpus", "2",
				    "-j",	 "2",	     "--tap",	NULL };

/* Runs that are told to stop, so many times, say so, fail, and leave nothing behind. */
static void check_signals(int sig, unsigned int times, const char *const *words,
			  unsigned int threads)
{
	char *argv[16] = { (char *)test_command, "run" };
	int pipefd[2], status = 0;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(pipefd), 0);
	pid = fork();
	if (!pid) {
		dup2(pipefd[1], 1);
		dup2(pipefd[1], 2);
		close(pipefd[0]);
		for (int i = 0; words[i]; i++)
			argv[2 + i] = (char *)words[i];
		execv(test_command, argv);
		_exit(99);
	}
	close(pipefd[1]);
	wait_for_threads(pid, threads);
	while (times--)
		kill(pid, sig);
	while ((got = read(pipefd[0], cli_out + n, sizeof(cli_out) - 1 - n)) > 0)
		n += got;
	cli_out[n] = 0;
	close(pipefd[0]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 99);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "ended by signal"));
}

static void check_signal(int sig, const char *const *words, unsigned int threads)
{
	check_signals(sig, 1, words, threads);
}

static void test_signals(void)
{
	check_signal(SIGINT, one, 5);
	check_signal(SIGTERM, one, 5);
	check_signal(SIGHUP, one, 5);
}

/* timeout(1) sends two: JSON and trace are whole all the same. */
static void test_twice(void)
{
	char trace[128];
	const char *words[] = { "hang", "--timeout", "60", "--json", "--trace", trace, NULL };
	const char *dir = cli_dir();

	snprintf(trace, sizeof(trace), "%s/t", dir);
	for (int i = 0; i < 10; i++) {
		char args[160];
		json_t *json;

		/* All CPUs are there: it has begun. */
		check_signals(SIGTERM, 5, words, 5);
		/* Behind what is said on stderr. */
		json = json_loads(strchr(cli_out, '{') ? strchr(cli_out, '{') : "",
				  JSON_DISABLE_EOF_CHECK, NULL);
		CU_ASSERT_PTR_NOT_NULL(json);
		CU_ASSERT_EQUAL(json_array_size(json_object_get(json, "runs")), 1);
		json_decref(json);
		snprintf(args, sizeof(args), "check %s", trace);
		cli_expect(&(struct cli_case){
			args, 1, "the run did not come to its end: ended by signal 15" });
	}
	unlink(trace);
	cli_dir_gone();
}

/* Of runs side by side each says so, and those that had not begun do not begin. */
static void test_side_by_side(void)
{
	/* The first one, one for each run, and of each run one for each CPU. */
	const unsigned int threads = 1 + 2 + 2 * 2;

	check_signal(SIGINT, many, threads);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "\nnot ok 1 - "));
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "\nnot ok 2 - "));
	CU_ASSERT_PTR_NULL(strstr(cli_out, "ok 3 - "));
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "\nBail out! told to stop"));
	check_signal(SIGTERM, many, threads);
}

SUITE(cli_signals, true, { "SIGINT, SIGTERM and SIGHUP", test_signals },
      { "several signals lose nothing", test_twice },
      { "runs side by side", test_side_by_side });
