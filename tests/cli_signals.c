/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb run, told to stop. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "test.h"

/* Until the process has threads besides the first: its guest runs. At most a minute. */
static void wait_for_threads(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	for (int i = 0; i < 600; i++) {
		struct stat st;

		/* A directory's link count: itself, its parent, one for each thread. */
		if (!stat(path, &st) && st.st_nlink > 3)
			return;
		usleep(100000);
	}
	CU_FAIL("no guest came to run");
}

/* A run that is told to stop says so, fails, and leaves nothing behind. */
static void check_signal(int sig)
{
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
		execl(test_command, test_command, "run", "hang", "--timeout", "60", "--verbose",
		      NULL);
		_exit(99);
	}
	close(pipefd[1]);
	wait_for_threads(pid);
	kill(pid, sig);
	while ((got = read(pipefd[0], cli_out + n, sizeof(cli_out) - 1 - n)) > 0)
		n += got;
	cli_out[n] = 0;
	close(pipefd[0]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 99);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "ended by signal"));
}

static void test_signals(void)
{
	check_signal(SIGINT);
	check_signal(SIGTERM);
}

SUITE(cli_signals, true, { "SIGINT and SIGTERM", test_signals });
