/* SPDX-License-Identifier: GPL-2.0-only */
/* vmm/nested/run.sh with programs in the place of QEMU, Bochs and apt-get: what it leaves, whoever
 * dies.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit_util.h"

static char dir[32];
static const char *kind = "svm";

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
	put("bin/bochs-bin", FOR_EVER);
	put("bin/xorriso", "#!/bin/sh\n");
	put("bin/apt-get", FOR_EVER);
	put("bin/apt-cache", "#!/bin/sh\necho '  Depends: linux-image-1'\n");
	put("bin/dpkg-query", "#!/bin/sh\necho installed\n");
	if (kernel) {
		put("cache/vmlinuz", "x");
		put("cache/base.img", "x");
		put("cache/isolinux.bin", "x");
		put("cache/ldlinux.c32", "x");
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
	setenv("PVTLB_NESTED_KIND", kind, 1);
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
	kind = "vmx";
	ends(true, "bochs-bin", SIGKILL);
	kind = "svm";
}

static void told_to_end(void)
{
	ends(true, "qemu-system-x86_64", SIGTERM);
	ends(true, "qemu-system-x86_64", SIGHUP);
	kind = "vmx";
	ends(true, "bochs-bin", SIGTERM);
	kind = "svm";
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

/* Of a program that is Bochs: what it does after its configuration has been read. */
#define BOCHS                                                                                      \
	"#!/bin/sh\necho >>\"$STATE/boots\"\nn=$(wc -l <\"$STATE/boots\")\n"                       \
	"for com in out err end; do\n"                                                             \
	"	eval \"$com=$(sed -n \"s/^com.: .*dev=\\(.*\\/$com\\)\\$/\\1/p\" "                       \
	"\"$3\")\"\ndone\n"

static const struct {
	const char *bochs;
	int status;
	unsigned int boots, retries; /* boots 0: it hangs, and may be ended before it begins */
	const char *says;
} emulators[] = {
	{ BOCHS "echo good >\"$out\"; echo bad >\"$err\"; echo EXIT 3 >\"$end\"\n", 3, 1, 0,
	  "good" },
	{ BOCHS "echo good >\"$out\"; echo bad >\"$err\"; echo EXIT 3 >\"$end\"\n", 3, 1, 0,
	  "bad" },
	/* It writes no file until there is something in it; and may end badly after all is said. */
	{ BOCHS "echo EXIT 0 >\"$end\"; exit 1\n", 0, 1, 0, "kvm-intel (Bochs)" },
	{ BOCHS "exit 0\n", 1, 2, 1, "it did again" },
	{ BOCHS "echo lost; exit 1\n", 1, 2, 1, "lost" },
	{ BOCHS "[ $n = 2 ] || exit 1; echo EXIT 0 >\"$end\"\n", 0, 2, 1, "trying once more" },
	{ BOCHS "exec sleep 1000\n", 1, 0, 1, "it did again" },
};

static unsigned int number_in(const char *name)
{
	FILE *from = fopen(place(name), "r");
	unsigned int n = 99;

	if (!from || fscanf(from, "%u", &n) != 1)
		n = 99;
	if (from)
		fclose(from);
	return n;
}

/* The script's status, and what it has said, with these settings. */
static int script(const char *settings, char *said, size_t len)
{
	char command[1024];
	FILE *from;
	int status;

	snprintf(command, sizeof(command),
		 "STATE=%s/state TMPDIR=%s/tmp PVTLB_NESTED_CACHE=%s/cache PATH=%s/bin:$PATH\n"
		 "export STATE TMPDIR PVTLB_NESTED_CACHE PATH\n"
		 "%s sh vmm/nested/run.sh pvtlb list 2>&1; s=$?\n"
		 "grep -c '' %s/state/boots >%s/state/count 2>/dev/null; exit $s",
		 dir, dir, dir, dir, settings, dir, dir);
	from = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	said[fread(said, 1, len - 1, from)] = 0;
	status = pclose(from);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Bochs that dies, or hangs, is tried again and counted, and never a success. */
static void bochs(void)
{
	char said[8192], settings[256];

	for (size_t i = 0; i < NR_OF(emulators); i++) {
		int status;

		begin(true);
		put("bin/bochs-bin", emulators[i].bochs);
		snprintf(settings, sizeof(settings),
			 "PVTLB_NESTED_KIND=vmx PVTLB_NESTED_TIMEOUT=%u "
			 "PVTLB_NESTED_RETRIES=%s/state/retries",
			 emulators[i].boots ? 600 : 1, dir);
		status = script(settings, said, sizeof(said));
		EXPECT(status == emulators[i].status, "case %zu: status %d\n%s", i, status, said);
		EXPECT(strstr(said, emulators[i].says), "case %zu: %s", i, said);
		EXPECT(!emulators[i].boots || number_in("state/count") == emulators[i].boots,
		       "case %zu: %u boots", i, number_in("state/count"));
		EXPECT(number_in("state/retries") == emulators[i].retries, "case %zu: %u retries",
		       i, number_in("state/retries"));
		EXPECT(becomes_so(nothing_left, 0), "case %zu: files are left", i);
		end();
	}
}

/* What cannot be had is named, and nothing has been run. */
static void no_bochs(void)
{
	char said[8192];

	begin(true);
	unlink(place("cache/isolinux.bin"));
	put("bin/dpkg-query", "#!/bin/sh\necho no\n");
	put("bin/apt-get", "#!/bin/sh\nexit 100\n");
	put("bin/sudo", "#!/bin/sh\nexec \"$@\"\n");
	CU_ASSERT_EQUAL(script("PVTLB_NESTED_KIND=vmx", said, sizeof(said)), 77);
	EXPECT(strstr(said, "deps: installing bochs "), "%s", said);
	CU_ASSERT_EQUAL(script("PVTLB_NESTED_KIND=pvm", said, sizeof(said)), 2);
	EXPECT(strstr(said, "'pvm' is neither svm nor vmx"), "%s", said);
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
      { "a machine that dies", machine_dies }, { "no place for its files", no_place },
      { "Bochs that dies or hangs", bochs }, { "no Bochs", no_bochs });
