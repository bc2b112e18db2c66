/* SPDX-License-Identifier: GPL-2.0-only */
/* The command with too little of something: a failure that says what, or it does not matter. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "unit_util.h"

#define ONE "--backend native --paravirt y --invlpgb n"

/* As cli_run(), in a shell that has been told so before. */
static int run_in(const char *before, const char *args)
{
	char command[1024];
	int status;
	FILE *from;

	snprintf(command, sizeof(command), "%s timeout 300 %s %s 2>&1", before, test_command, args);
	from = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	cli_out[fread(cli_out, 1, sizeof(cli_out) - 1, from)] = 0;
	status = pclose(from);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Whatever is the first thing that there is no file for: never a skip, never fewer TLBs. */
static void open_files(void)
{
	unsigned int short_of = 0;

	for (unsigned int files = 4; files < 32; files++) {
		char before[64];
		int status;

		snprintf(before, sizeof(before), "prlimit --nofile=%u", files);
		status = run_in(before, "run key " ONE " --table");
		if (!status)
			break;
		short_of++;
		EXPECT(status == 1 && cli_says("Too many open files: raise the limit of open files "
					       "(ulimit -n, now "),
		       "%u files: %d, %s", files, status, cli_out);
	}
	EXPECT(short_of > 2, "short of them %u times", short_of);
	CU_ASSERT_EQUAL(run_in("prlimit --nofile=8", "doctor"), 1);
	CU_ASSERT_TRUE(cli_says("not measured: KVM_CREATE_VCPU"));
	CU_ASSERT_EQUAL(run_in("prlimit --nofile=7", "show key"), 1);
	CU_ASSERT_TRUE(cli_says("(ulimit -n, now 7)"));
}

/* A user who may have so many processes; as it is no limit for root, another one. */
static void processes(void)
{
	char before[256], args[128], kvm[64];
	unsigned int short_of = 0;
	const char *dir;

	if (geteuid()) {
		test_skipped("too few processes: only root can be a user who has none");
		return;
	}
	dir = cli_dir();
	snprintf(kvm, sizeof(kvm), "%s/kvm", dir);
	chmod(dir, 0711);
	if (mknod(kvm, S_IFCHR | 0666, makedev(10, 232)) || chmod(kvm, 0666)) {
		test_skipped("too few processes: no device node can be made");
		cli_dir_gone();
		return;
	}
	snprintf(args, sizeof(args), "run key " ONE " --table --kvm %s", kvm);
	for (unsigned int nr = 2; nr < 16; nr++) {
		int status;

		snprintf(before, sizeof(before),
			 "setpriv --reuid=54321 --regid=54321 --clear-groups prlimit --nproc=%u",
			 nr);
		status = run_in(before, args);
		if (!status || strstr(cli_out, "Permission denied") ||
		    strstr(cli_out, "not permitted"))
			break;
		/* timeout(1) itself needs one. */
		if (strstr(cli_out, "fork"))
			continue;
		short_of++;
		EXPECT(status == 1 &&
			       cli_says("raise the limit of processes and threads (ulimit -u, "
					"now "),
		       "%u processes: %d, %s", nr, status, cli_out);
	}
	if (!short_of)
		test_skipped("too few processes: another user cannot run this: %.100s", cli_out);
	unlink(kvm);
	cli_dir_gone();
}

/* Whatever the kernel gives a program to put its words on. */
static void small_stack(void)
{
	static const char *const all[] = {
		"run shootdown collapse-vs-gup " ONE,
		"run shootdown collapse-vs-gup -j 2 " ONE,
		"run key " ONE " --json",
		"show collapse-vs-gup",
		"check tests/traces/good-stale.trace tests/traces/good-use-after-free.trace",
		"list",
		"doctor",
	};

#ifdef __SANITIZE_ADDRESS__
	test_skipped("a small stack: sanitizers take more of it");
	return;
#endif
	for (size_t i = 0; i < NR_OF(all); i++) {
		int status = run_in("ulimit -s 128;", all[i]);

		EXPECT(!status, "%s: %d, %.300s", all[i], status, cli_out);
	}
	CU_ASSERT_EQUAL(run_in("ulimit -s 128;", "run collapse-vs-gup --backend pvtlb --key on"),
			1);
	CU_ASSERT_TRUE(cli_says("read page table"));
}

SUITE(cli_limits, true, { "open files", open_files }, { "processes", processes },
      { "a small stack", small_stack });
