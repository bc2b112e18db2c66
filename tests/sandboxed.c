/* SPDX-License-Identifier: GPL-2.0-only */
/* What suites about the sandbox share: a child that goes into it, and how it ends. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"
#include "sandboxed.h"
#include "unit_util.h"

#define NOT_ENTERED 90

int sandboxed(sandboxed_fn *fn, void *ctx, char *said, size_t len)
{
	int out[2], status = -1;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(out), 0);
	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (!pid) {
		const struct rlimit no_core = { 0 };

		setrlimit(RLIMIT_CORE, &no_core);
		dup2(out[1], STDERR_FILENO);
		close(out[0]);
		close(out[1]);
		/* A call that nothing ends is to fail its test. */
		alarm(60);
		_exit(fn(ctx));
	}
	close(out[1]);
	while (n < len - 1 && (got = read(out[0], said + n, len - 1 - n)) > 0)
		n += got;
	said[n] = 0;
	close(out[0]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

void sandboxed_enter(const int *fd, unsigned int nr)
{
	struct error err = { 0 };

	if (!sandbox_enter(fd, nr, false, &err))
		return;
	fprintf(stderr, "%s\n", err.text);
	_exit(NOT_ENTERED);
}

void sandboxed_no_seccomp(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { NR_OF(code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(NOT_ENTERED);
}
