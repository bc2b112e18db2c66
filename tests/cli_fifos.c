/* SPDX-License-Identifier: GPL-2.0-only */
/* FIFOs and pipes as the command's files: they may keep it waiting, and not without a word. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "unit_util.h"

#define GOOD "tests/traces/good-stale.trace"

static char fifo[64];

static void fifo_make(const char *dir)
{
	/* show goes by the name's end. */
	snprintf(fifo, sizeof(fifo), "%s/f.svg", dir);
	CU_ASSERT_EQUAL_FATAL(mkfifo(fifo, 0600), 0);
}

static void fifo_gone(void)
{
	unlink(fifo);
	cli_dir_gone();
}

/* The command, what it says to *from; how: "exec", or "" for one of a script. */
static pid_t start(FILE **from, const char *how, const char *args)
{
	char command[512];
	int fd[2];
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe2(fd, O_CLOEXEC), 0);
	snprintf(command, sizeof(command), "exec 2>&1; %s %s %s", how, test_command, args);
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		dup2(fd[1], 1);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(99);
	}
	close(fd[1]);
	*from = fdopen(fd[0], "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(*from);
	return pid;
}

/* What else it says, and how it ends. */
static int end(pid_t pid, FILE *from)
{
	int status = 0;

	cli_out[fread(cli_out, 1, sizeof(cli_out) - 1, from)] = 0;
	fclose(from);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* It says that it waits, and for whom; and can be told to end. */
static void test_waits(void)
{
	static const struct {
		const char *args, *waits;
	} cases[] = {
		{ "check %s", "waiting for somebody to write to it" },
		{ "show %s", "waiting for somebody to write to it" },
		{ "run key --backend native --dtb %s", "waiting for somebody to write to it" },
		{ "run key --backend native --trace %s", "waiting for somebody to read it" },
		{ "show key -o %s", "waiting for somebody to read it" },
		{ "run key --backend native --junit %s", "waiting for somebody to read it" },
		{ "run key --backend native --cpus 1 --paravirt n --invlpgb n --quiet --dump-dtb "
		  "%s",
		  "waiting for somebody to read it" },
	};

	fifo_make(cli_dir());
	for (size_t i = 0; i < NR_OF(cases); i++) {
		char args[256], line[512] = "";
		FILE *from;
		pid_t pid;
		int status;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(args, sizeof(args), cases[i].args, fifo);
#pragma GCC diagnostic pop
		pid = start(&from, "exec", args);
		EXPECT(fgets(line, sizeof(line), from) && strstr(line, cases[i].waits), "%s: %s",
		       args, line);
		kill(pid, SIGTERM);
		status = end(pid, from);
		EXPECT(status == 1 && strstr(cli_out, "Interrupted system call"), "%s: %d, %s",
		       args, status, cli_out);
	}
	fifo_gone();
}

/* With somebody at the other end it is a file like others. */
static void test_works(void)
{
	char args[512];

	fifo_make(cli_dir());
	snprintf(args, sizeof(args), "check %s & cat " GOOD " >%s; wait $!", fifo, fifo);
	cli_expect(&(struct cli_case){ args, 0, "by-hand" });
	snprintf(args, sizeof(args), "check - <%s & cat " GOOD " >%s; wait $!", fifo, fifo);
	cli_expect(&(struct cli_case){ args, 0, "by-hand" });
	snprintf(args, sizeof(args),
		 "run key --backend native --paravirt n --invlpgb n --trace %s & cat %s; wait $!",
		 fifo, fifo);
	cli_expect(&(struct cli_case){ args, 0, "\n# end events=" });
	fifo_gone();
}

/* A trace that goes on for ever, and one that says nothing: either ends when told to. */
static void test_endless(void)
{
	static const char *const writers[] = {
		"head -n 1 " GOOD
		"; i=1; while echo \"#$i CPU 0 trial trial=0 step=0\"; do i=$((i+1)); done",
		"head -n 1 " GOOD "; exec sleep 1000",
	};

	for (size_t i = 0; i < NR_OF(writers); i++) {
		char command[512];
		FILE *from;
		pid_t pid;

		/* In a process group of its own, of which nothing is left in the end. */
		snprintf(command, sizeof(command),
			 "check - <tests/traces/good-stale.trace >/dev/null; { %s; } 2>/dev/null | "
			 "{ %s check - & sleep 1; kill $!; wait $!; echo ended: $?; kill -9 0; }",
			 writers[i], test_command);
		pid = start(&from, "", command);
		end(pid, from);
		EXPECT(strstr(cli_out, "ended: 1\n"), "writer %zu: %.300s", i, cli_out);
	}
}

SUITE(cli_fifos, true, { "waits, and says so", test_waits }, { "works", test_works },
      { "endless input", test_endless });
