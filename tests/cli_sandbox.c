/* SPDX-License-Identifier: GPL-2.0-only */
/* The sandbox of pvtlb's commands: what /proc says of a VMM that runs, and what ends it. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "lab.h"
#include "machine/machine.h"
#include "sandboxed.h"
#include "unit_util.h"

/* A value of /proc/PID/task/TID/status, in that base; -1: there is none. */
static long long status_of(pid_t pid, const char *tid, const char *name, int base)
{
	char path[300], line[256];
	long long value = -1;
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)pid, tid);
	from = fopen(path, "r");
	while (from && fgets(line, sizeof(line), from))
		if (!strncmp(line, name, strlen(name)) && line[strlen(name)] == ':')
			value = strtoll(line + strlen(name) + 1, NULL, base);
	if (from)
		fclose(from);
	return value;
}

/* Of the process's threads the number with so many filters. */
static unsigned int with_filters(pid_t pid, long long nr)
{
	unsigned int threads = 0;
	struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		threads += *entry->d_name != '.' &&
			   status_of(pid, entry->d_name, "Seccomp_filters", 10) == nr;
	if (dir)
		closedir(dir);
	return threads;
}

static bool has_file(pid_t pid, const char *what)
{
	char path[64], to[256];
	bool found = false;

	for (int fd = 0; fd < 256; fd++) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
		len = readlink(path, to, sizeof(to) - 1);
		to[len < 0 ? 0 : len] = 0;
		found |= strstr(to, what) != NULL;
	}
	return found;
}

/* A VMM with a guest that spins on 2 CPUs, and a file that somebody has left open for it. */
static pid_t begin(const char *option)
{
	pid_t pid = fork();

	if (!pid) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		dup2(open("/proc/version", O_RDONLY), 77);
		execl(test_command, test_command, "run", "hang", "--cpus", "2", "--backend",
		      "native", "--invlpgb", "n", "--paravirt", "y", "--timeout", "60", option,
		      NULL);
		_exit(99);
	}
	return pid;
}

static void end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/*
 * Its VM is there, and of its threads so many have as many filters, and at least so many one
 * more: those of the vCPUs, and what a newer KVM has started for these. At most a minute.
 */
static bool wait_for_guest(pid_t pid, unsigned int threads, long long filters, unsigned int more)
{
	for (int i = 0; i < 6000; i++) {
		if (has_file(pid, "kvm-vcpu:1") && with_filters(pid, filters) >= threads &&
		    with_filters(pid, filters + 1) >= more &&
		    (!more || with_filters(pid, filters) == threads))
			return true;
		usleep(10000);
	}
	return false;
}

static void test_confined(void)
{
	pid_t pid = begin(NULL);
	char self[16];

	snprintf(self, sizeof(self), "%d", (int)pid);
	CU_ASSERT_TRUE(wait_for_guest(pid, 1, 1, 2));
	CU_ASSERT_EQUAL(status_of(pid, self, "Seccomp", 10), 2);
	CU_ASSERT_EQUAL(status_of(pid, self, "NoNewPrivs", 10), 1);
	CU_ASSERT_EQUAL(status_of(pid, self, "CapPrm", 16), 0);
	CU_ASSERT_EQUAL(status_of(pid, self, "CapEff", 16), 0);
	CU_ASSERT_EQUAL(status_of(pid, self, "CapInh", 16), 0);
	CU_ASSERT_FALSE(has_file(pid, "/proc/version"));
	end(pid);
}

/* The near miss. */
static void test_not_confined(void)
{
	pid_t pid = begin("--no-sandbox");
	char self[16];

	snprintf(self, sizeof(self), "%d", (int)pid);
	CU_ASSERT_TRUE(wait_for_guest(pid, 3, 0, 0));
	CU_ASSERT_EQUAL(status_of(pid, self, "Seccomp", 10), 0);
	CU_ASSERT_EQUAL(status_of(pid, self, "NoNewPrivs", 10), 0);
	CU_ASSERT_TRUE(has_file(pid, "/proc/version"));
	end(pid);
}

/* No guest can make the VMM open a socket. So it is made to by this program, with a guest in it. */
static void open_a_socket(struct vcpu *vcpu)
{
	if (atomic_load(&vcpu->exits))
		socket(AF_INET, SOCK_STREAM, 0);
}

static void yield(struct vcpu *vcpu)
{
	if (atomic_load(&vcpu->exits))
		sched_yield();
}

static int machine_with(void *ctx)
{
	struct run_config config = lab_config("key", "native", 2);
	struct error err = { 0 };
	struct machine m;

	sandboxed_enter(&test_host.kvm, 1);
	if (machine_create(&m, &test_host, &lab_images()->image[1], &config, &err)) {
		fprintf(stderr, "%s", err.text);
		return 91;
	}
	m.vcpu[0].enters = *(void (**)(struct vcpu *))ctx;
	machine_run(&m, &err);
	fprintf(stderr, "%s", err.text);
	return err.status;
}

static void test_from_a_guest(void)
{
	void (*fn)(struct vcpu * vcpu) = open_a_socket;
	char said[4096];
	int status;

	lab_images();
	status = sandboxed(machine_with, &fn, said, sizeof(said));
	EXPECT(status == STATUS_FAIL &&
		       strstr(said, "(socket) is none that a guest's thread needs"),
	       "%d: %s", status, said);
	fn = yield;
	status = sandboxed(machine_with, &fn, said, sizeof(said));
	EXPECT(status == 0, "%d: %s", status, said);
}

static int without_seccomp(void *ctx)
{
	sandboxed_no_seccomp();
	execl("/bin/sh", "sh", "-c", ctx, NULL);
	return 99;
}

static void test_no_seccomp(void)
{
	static const struct {
		const char *words;
		int status;
		const char *says;
	} cases[] = {
		{ "run key --backend native", 77,
		  "pvtlb: this kernel does not filter system calls" },
		{ "run key --backend native --no-sandbox", 0, "" },
		{ "show key", 77, "this kernel does not filter system calls" },
		{ "show key --no-sandbox", 0, "" },
		{ "policies --trials 1", 77, "this kernel does not filter system calls" },
		{ "list", 0, "" },
	};
	char script[300], said[8192];

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		int status;

		snprintf(script, sizeof(script), "exec %.200s %s >/dev/null", test_command,
			 cases[i].words);
		status = sandboxed(without_seccomp, script, said, sizeof(said));
		EXPECT(status == cases[i].status && strstr(said, cases[i].says), "%s: %d: %s",
		       cases[i].words, status, said);
	}
}

SUITE(cli_sandbox, true, { "what /proc says", test_confined },
      { "--no-sandbox", test_not_confined }, { "a call from a guest's thread", test_from_a_guest },
      { "a kernel without seccomp", test_no_seccomp });
