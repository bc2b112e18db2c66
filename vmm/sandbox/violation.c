/* SPDX-License-Identifier: GPL-2.0-only */
/* A system call that a phase has not: the process says which, and ends as a failure. */
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "sandbox/violation.h"

#define MOST_CALLS 512 /* x86-64 has fewer */

/* Looked up beforehand: a handler must not ask for memory. */
static char *names[MOST_CALLS];
static const char *process_phase;
static _Thread_local const char *thread_phase;

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		_exit(STATUS_FAIL);
}

static void say_number(unsigned int n)
{
	char digits[12], *at = digits + sizeof(digits);

	*--at = 0;
	do
		*--at = '0' + n % 10;
	while (n /= 10);
	say(at);
}

/* Whoever got here does what nobody wrote: nothing of this process is to be believed any more. */
static void on_trap(int sig, siginfo_t *info, void *context)
{
	unsigned int nr = info->si_syscall;

	(void)sig;
	(void)context;
	say("pvtlb: sandbox: system call ");
	say_number(nr);
	say(" (");
	say(nr < MOST_CALLS && names[nr] ? names[nr] : "unknown");
	say(") is none that ");
	say(thread_phase ? thread_phase : process_phase);
	say(" needs, with these arguments: the VMM was made to, or has a bug (docs/security.md); "
	    "all results of this command are void\n");
	_exit(STATUS_FAIL);
}

void violation_init(void)
{
	struct sigaction sa = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };

	for (int nr = 0; nr < MOST_CALLS; nr++)
		names[nr] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, nr);
	sigaction(SIGSYS, &sa, NULL);
}

void violation_phase(const char *what, bool process)
{
	*(process ? &process_phase : &thread_phase) = what;
}
