/* SPDX-License-Identifier: GPL-2.0-only */
/* vmm/nested/run.sh with programs in the place of QEMU and apt-get: what it leaves, whoever dies.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit_util.h"

static char dir[32];

static const char *place(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put(const char *name, const char *text)
{
	FILE *to = fopen(place(name), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	fputs(text, to);
	fclose(to);
	chmod(place(name), 0700);
}

/* Says who it is, and goes on until somebody ends it. */
#define FOR_EVER "#!/bin/sh\necho $$ >\"$STATE/$(basename \"$0\")\"\nexec sleep 1000\n"

/* The script's world. kernel: there is one, that need not be got. */
static void begin(bool kernel)
{
	strcpy(dir, "/tmp/pvtlb-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	mkdir(place("bin"), 0700);
	mkdir(place("cache"), 0700);
	mkdir(place("state"), 0700);
	mkdir(place("tmp"), 0700);
	put("bin/qemu-system-x86_64", FOR_EVER);
	put("bin/apt-get", FOR_EVER);
	put("bin/apt-cache", "#!/bin/sh\necho '  Depends: linux-image-1'\n");
	put("bin/dpkg-query", "#!/bin/sh\necho installed\n");
	if (kernel) {
		put("cache/vmlinuz", "x");
		put("cache/base.img", "x");
	}
}

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
		_exit(1);
	setenv("STATE", place("state"), 1);
	setenv("TMPDIR", place("tmp"), 1);
	setenv("PVTLB_NESTED_CACHE", place("cache"), 1);
	setenv("OLD", getenv("PATH"), 1);
	execl("/bin/sh", "sh", "-c",
	      "PATH=$STATE/../bin:$OLD; export PATH; exec sh vmm/nested/run.sh pvtlb list", NULL);
	_exit(1);
}

/* The process that has said so, when it has; at most a minute. */
static pid_t process(const char *name)
{
	char path[64];
	int pid = 0;

	snprintf(path, sizeof(path), "state/%s", name);
	for (int i = 0; i < 600 && pid <= 0; i++) {
		FILE *from = fopen(place(path), "r");

		if (!from || fscanf(from, "%d", &pid) != 1)
			usleep(100000);
		if (from)
			fclose(from);
	}
	EXPECT(pid > 0, "%s did not begin", name);
	return pid;
}

/* Within a minute. */
static bool becomes_so(bool (*so)(pid_t pid), pid_t pid)
{
	for (int i = 0; i < 600; i++) {
		if (so(pid))
			return true;
		usleep(100000);
	}
	return false;
}

/* Or nobody has come to take note of its end yet. */
static bool is_gone(pid_t pid)
{
	char path[64], state = 'Z';
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	from = fopen(path, "r");
	if (!from)
		return true;
	if (fscanf(from, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(from);
	return state == 'Z';
}

static bool nothing_left(pid_t pid)
{
	(void)pid;
	/* Its directory has to be empty for that. */
	return rmdir(place("tmp")) == 0;
}

static void end(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CU_ASSERT_EQUAL(system(command), 0);
}

/* Whatever the signal: what it has started ends, and no file of it stays. */
static void ends(bool kernel, const char *started, int sig)
{
	pid_t pid, other;
	int status = 0;

	begin(kernel);
	pid = start();
	other = process(started);
	kill(pid, sig);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	EXPECT(sig == SIGKILL ? WIFSIGNALED(status)
			      : WIFEXITED(status) && WEXITSTATUS(status) == 130,
	       "%s, signal %d: status %#x", started, sig, status);
	EXPECT(other > 0 && becomes_so(is_gone, other), "%s, signal %d: it goes on", started, sig);
	EXPECT(becomes_so(nothing_left, 0), "%s, signal %d: files are left", started, sig);
	end();
}

static void killed(void)
{
	ends(true, "qemu-system-x86_64", SIGKILL);
	ends(false, "apt-get", SIGKILL);
}

static void told_to_end(void)
{
	ends(true, "qemu-system-x86_64", SIGTERM);
	ends(true, "qemu-system-x86_64", SIGHUP);
	ends(false, "apt-get", SIGTERM);
}

/* Nor does a machine that dies by itself leave anything; it is tried once more. */
static void machine_dies(void)
{
	pid_t pid;
	int status = 0;

	begin(true);
	put("bin/qemu-system-x86_64", "#!/bin/sh\necho >>\"$STATE/boots\"\n");
	pid = start();
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 1, "status %#x", status);
	EXPECT(becomes_so(nothing_left, 0), "files are left");
	end();
}

static void no_place(void)
{
	static const struct {
		const char *where, *says;
	} cases[] = {
		{ "TMPDIR=/nonexistent", "a directory in /nonexistent; name another: TMPDIR=DIR" },
		{ "PVTLB_NESTED_CACHE=/proc/x", "name another directory: PVTLB_NESTED_CACHE=DIR" },
	};
	char command[256], said[4096];

	begin(true);
	for (size_t i = 0; i < NR_OF(cases); i++) {
		FILE *from;
		int status;

		snprintf(command, sizeof(command),
			 "TMPDIR=%s/tmp PVTLB_NESTED_CACHE=%s/cache; export TMPDIR "
			 "PVTLB_NESTED_CACHE; "
			 "%s sh vmm/nested/run.sh pvtlb list 2>&1",
			 dir, dir, cases[i].where);
		from = popen(command, "r");
		CU_ASSERT_PTR_NOT_NULL_FATAL(from);
		said[fread(said, 1, sizeof(said) - 1, from)] = 0;
		status = pclose(from);
		EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 77, "%s: status %#x",
		       cases[i].where, status);
		EXPECT(strstr(said, cases[i].says), "%s: %s", cases[i].where, said);
	}
	end();
}

SUITE(unit_nested_script, false, { "kill -9", killed }, { "told to end", told_to_end },
      { "a machine that dies", machine_dies }, { "no place for its files", no_place });
