/* SPDX-License-Identifier: GPL-2.0-only */
/* The sandbox: what each phase may not do ends the process, by name; what it needs it may do. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/filter.h"
#include "sandbox/sandbox.h"
#include "sandboxed.h"
#include "unit_util.h"

#define EVERY	 (IN_VMS | IN_GUEST | IN_REPORT)
#define RETURNED 42 /* the call did */

static char buf[256];

/* A call, and in which phases it is let through. What else is asked of it is up to the kernel. */
struct call {
	const char *name;
	long nr;
	unsigned int let; /* phases */
	bool sanitizers;  /* let through where they are, in all phases */
	long args[6];
};

#define NONE 0

static const struct call calls[] = {
	/* Files, programs, other processes, the network: nothing and nobody. */
	{ "open", SYS_open, NONE, true, { (long)"/etc/passwd", O_RDONLY } },
	{ "openat", SYS_openat, NONE, true, { AT_FDCWD, (long)"/etc/passwd", O_RDONLY } },
	{ "openat2", 437, NONE },
	{ "creat", SYS_creat, NONE },
	{ "unlink", SYS_unlink, NONE, false, { (long)"/nowhere/at/all" } },
	{ "rename", SYS_rename, NONE },
	{ "stat", SYS_stat, NONE, true, { (long)"/", (long)buf } },
	{ "newfstatat", SYS_newfstatat, NONE, true, { AT_FDCWD, (long)"/", (long)buf, 0 } },
	{ "execve", SYS_execve, NONE, false, { (long)"/bin/true" } },
	{ "execveat", SYS_execveat, NONE },
	{ "fork", SYS_fork, NONE },
	{ "vfork", 58, NONE },
	{ "clone", SYS_clone, NONE, false, { SIGCHLD } },
	{ "clone", SYS_clone, NONE, false, { CLONE_NEWUSER | SIGCHLD } },
	{ "kill", SYS_kill, NONE, false, { 1, 0 } },
	{ "tgkill", SYS_tgkill, NONE, false, { 1, 1, 0 } },
	{ "ptrace", SYS_ptrace, NONE, false, { 16, 1 } },
	{ "process_vm_writev", SYS_process_vm_writev, NONE },
	{ "pidfd_open", 434, NONE, false, { 1 } },
	{ "socket", SYS_socket, NONE, false, { 2, 1 } },
	{ "connect", SYS_connect, NONE },
	{ "accept4", SYS_accept4, NONE },
	/* Privileges. */
	{ "setuid", SYS_setuid, NONE },
	{ "capset", SYS_capset, NONE },
	{ "prctl", SYS_prctl, NONE, false, { PR_GET_DUMPABLE } },
	{ "setrlimit", SYS_setrlimit, NONE },
	{ "prlimit64", SYS_prlimit64, NONE, false, { 0, RLIMIT_NOFILE, (long)buf } },
	{ "unshare", SYS_unshare, NONE, false, { CLONE_NEWUSER } },
	{ "mount", SYS_mount, NONE },
	{ "chroot", SYS_chroot, NONE },
	{ "seccomp", SYS_seccomp, NONE, false, { 2 } },
	{ "rt_sigaction", SYS_rt_sigaction, NONE, false, { SIGSYS } },
	/* The kernel's larger surfaces. */
	{ "bpf", SYS_bpf, NONE },
	{ "io_uring_setup", 425, NONE },
	{ "userfaultfd", SYS_userfaultfd, NONE },
	{ "perf_event_open", SYS_perf_event_open, NONE },
	{ "keyctl", SYS_keyctl, NONE },
	{ "memfd_create", SYS_memfd_create, NONE },
	/* Code. */
	{ "mmap",
	  SYS_mmap,
	  NONE,
	  false,
	  { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1 } },
	{ "mprotect", SYS_mprotect, NONE, false, { 0, 4096, PROT_READ | PROT_EXEC } },
	{ "pkey_mprotect", SYS_pkey_mprotect, NONE },
	/* Of one device there are many calls. */
	{ "ioctl", SYS_ioctl, NONE, false, { 0, TIOCSTI, (long)"x" } },
	{ "ioctl", SYS_ioctl, NONE, false, { -1, KVM_CREATE_DEVICE } },
	{ "ioctl", SYS_ioctl, NONE, false, { -1, KVM_IRQFD } },
	{ "ioctl", SYS_ioctl, IN_VMS, false, { -1, KVM_CREATE_VM } },
	{ "ioctl", SYS_ioctl, IN_VMS, false, { -1, KVM_SET_USER_MEMORY_REGION } },
	{ "ioctl", SYS_ioctl, IN_VMS | IN_GUEST, false, { -1, KVM_RUN } },
	{ "ioctl", SYS_ioctl, IN_VMS | IN_REPORT, true, { -1, TCGETS, (long)buf } },
	/* Threads and files are the process's affair, and not a guest's thread's. */
	{ "close", SYS_close, IN_VMS | IN_REPORT, true, { -1 } },
	{ "sched_setaffinity", SYS_sched_setaffinity, IN_VMS, false, { 0, 8, (long)buf } },
	{ "ftruncate", SYS_ftruncate, IN_VMS | IN_REPORT, false, { -1 } },
	{ "read", SYS_read, IN_VMS | IN_REPORT, true, { -1, (long)buf, 1 } },
	/* Near misses: the same calls as they are meant. */
	{ "mmap",
	  SYS_mmap,
	  EVERY,
	  false,
	  { 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1 } },
	{ "mprotect", SYS_mprotect, EVERY, false, { 0, 0, PROT_READ } },
	{ "write", SYS_write, EVERY, false, { -1, (long)buf, 1 } },
	{ "prlimit64",
	  SYS_prlimit64,
	  EVERY,
	  false,
	  { 0, RLIMIT_NOFILE, 0, (long)buf } },
	{ "newfstatat",
	  SYS_newfstatat,
	  IN_VMS | IN_REPORT,
	  true,
	  { 0, (long)"", (long)buf, AT_EMPTY_PATH } },
	{ "sched_yield", SYS_sched_yield, EVERY },
	{ "clone3", SYS_clone3, IN_VMS },
};

struct trial {
	const struct call *call;
	enum sandbox_phase phase;
};

static void *make_call(void *arg)
{
	const struct trial *t = arg;
	const long *a = t->call->args;

	if (t->phase == IN_GUEST)
		sandbox_guest_thread();
	syscall(t->call->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	_exit(RETURNED);
}

static int in_phase(void *ctx)
{
	struct trial *t = ctx;
	pthread_t thread;

	sandboxed_enter(NULL, 0);
	if (t->phase == IN_REPORT)
		sandbox_report();
	if (t->phase != IN_GUEST)
		make_call(t);
	if (!pthread_create(&thread, NULL, make_call, t))
		pthread_join(thread, NULL);
	return 91;
}

static void test_calls(void)
{
	static const struct {
		enum sandbox_phase phase;
		const char *name;
	} phases[] = {
		{ IN_VMS, "a run of VMs" },
		{ IN_GUEST, "a guest's thread" },
		{ IN_REPORT, "the report" },
	};
	char said[2048], want[128];

	for (size_t i = 0; i < NR_OF(calls) * NR_OF(phases); i++) {
		struct trial t = { &calls[i / NR_OF(phases)], phases[i % NR_OF(phases)].phase };
		const char *phase = phases[i % NR_OF(phases)].name;
		bool let = t.call->let & t.phase || (t.call->sanitizers && sandbox_sanitized);
		int status = sandboxed(in_phase, &t, said, sizeof(said));

		snprintf(want, sizeof(want), "(%s) is none that %s needs", t.call->name, phase);
		if (let)
			EXPECT(status == RETURNED, "%s of row %zu in %s: %d: %s", t.call->name,
			       i / NR_OF(phases), phase, status, said);
		else
			EXPECT(status == STATUS_FAIL && strstr(said, want),
			       "%s of row %zu in %s: %d: %s", t.call->name, i / NR_OF(phases),
			       phase, status, said);
	}
}

/* Who cannot be told by a signal, as it has blocked it, is killed. */
static int in_the_dark(void *ctx)
{
	sigset_t all;

	(void)ctx;
	sandboxed_enter(NULL, 0);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	syscall(SYS_socket, 2, 1, 0);
	return RETURNED;
}

static void test_blocked(void)
{
	char said[2048];

	CU_ASSERT_EQUAL(sandboxed(in_the_dark, NULL, said, sizeof(said)), 1000 + SIGSYS);
}

/* Threads of both kinds begin, wait, ask for memory and end, again and again. */
static void *work(void *arg)
{
	char *memory[64];

	sandbox_guest_thread();
	for (int i = 0; i < 64; i++) {
		memory[i] = malloc(100000 + i * 4096);
		memset(memory[i], i, 100000);
	}
	for (int i = 0; i < 64; i++)
		free(memory[i]);
	usleep(1000);
	return arg;
}

/* A thread of priority 1, which preempts: by a limit, as CAP_SYS_NICE is gone. */
static bool real_time(void)
{
	const struct sched_param param = { .sched_priority = 1 };
	pthread_attr_t attr;
	pthread_t thread;
	bool ok;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	ok = !pthread_create(&thread, &attr, work, NULL);
	pthread_attr_destroy(&attr);
	if (ok)
		pthread_join(thread, NULL);
	return ok;
}

static int ordinary(void *ctx)
{
	const bool was_real_time = real_time();
	struct rlimit limit = { 0 };
	pthread_t thread[4];

	(void)ctx;
	sandboxed_enter(NULL, 0);
	getrlimit(RLIMIT_RTPRIO, &limit);
	if (real_time() != (was_real_time && limit.rlim_cur))
		return 93;
	for (int round = 0; round < 8; round++) {
		for (int i = 0; i < 4; i++)
			if (pthread_create(&thread[i], NULL, work, NULL))
				return 92;
		for (int i = 0; i < 4; i++)
			pthread_join(thread[i], NULL);
	}
	sandbox_report();
	fprintf(stderr, "%s", strerror(EAGAIN));
	return RETURNED;
}

static void test_ordinary(void)
{
	char said[2048];
	int status = sandboxed(ordinary, NULL, said, sizeof(said));

	EXPECT(status == RETURNED && !strcmp(said, strerror(EAGAIN)), "%d: %s", status, said);
}

static int without_seccomp(void *ctx)
{
	struct error err = { 0 };

	(void)ctx;
	sandboxed_no_seccomp();
	sandbox_enter(NULL, 0, false, &err);
	fprintf(stderr, "%s", err.text);
	return err.status;
}

static void test_no_seccomp(void)
{
	char said[2048];
	int status = sandboxed(without_seccomp, NULL, said, sizeof(said));

	EXPECT(status == STATUS_SKIP && strstr(said, "CONFIG_SECCOMP_FILTER") &&
		       strstr(said, "--no-sandbox"),
	       "%d: %s", status, said);
}

SUITE(unit_sandbox, false, { "calls of each phase", test_calls },
      { "a signal that is blocked", test_blocked }, { "an ordinary run", test_ordinary },
      { "a kernel without seccomp", test_no_seccomp });
