/* SPDX-License-Identifier: GPL-2.0-only */
/* The files that pvtlb run writes: traces and device trees. */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "test.h"

/* What an event begins with, before the line that emitted it. */
#define FIRST "#1 CPU 0 boot step=start_kernel late=n refused=no @ guest/"

static void test_files(void)
{
	char args[256], path[128], fdt[65536];
	const char *dir = cli_dir();
	FILE *f;
	size_t len;

	snprintf(args, sizeof(args),
		 "run key --backend pvtlb --invlpgb n --install boot --trace %s/t --dump-dtb %s/d",
		 dir, dir);
	CU_ASSERT_EQUAL(cli_run(args), 0);

	snprintf(path, sizeof(path), "%s/d", dir);
	f = fopen(path, "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	len = fread(fdt, 1, sizeof(fdt), f);
	fclose(f);
	unlink(path);
	CU_ASSERT_EQUAL(fdt_check_full(fdt, len), 0);
	CU_ASSERT_STRING_EQUAL(
		fdt_getprop(fdt, fdt_path_offset(fdt, "/hypervisor"), "compatible", NULL),
		"pvtlb,pvtlb");

	snprintf(path, sizeof(path), "%s/t", dir);
	f = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_PTR_NOT_NULL(fgets(cli_out, sizeof(cli_out), f));
	CU_ASSERT_STRING_EQUAL(
		cli_out,
		"# pvtlb-trace 2 scenario=key backend=pvtlb paravirt=y invlpgb=n "
		"install=boot cpus=4 trials=1 key-request=auto policy=patch policy-key=by-patch policy-other=n "
		"stress=0 seed=1 fault=none expect=hold fault-applied=n claims=key key=off\n");
	CU_ASSERT_PTR_NOT_NULL(fgets(cli_out, sizeof(cli_out), f));
	CU_ASSERT_TRUE(!strncmp(cli_out, FIRST, strlen(FIRST)) && strstr(cli_out, "/main.c:"));
	fclose(f);
	unlink(path);
	cli_dir_gone();
}

/* A disk that is full is not a trace. */
static void test_trace_full(void)
{
	CU_ASSERT_EQUAL(cli_run("run key --backend pvtlb --invlpgb n --trace /dev/full"), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "pvtlb: /dev/full: "));
}

/* A trace that is opened where the closed standard error was does not get its messages. */
static void test_closed(void)
{
	char args[256], path[128];
	const char *dir = cli_dir();

	snprintf(path, sizeof(path), "%s/t", dir);
	snprintf(args, sizeof(args),
		 "run key --backend native --paravirt n --invlpgb n --trace %s <&- >&- 2>&-; exit $?",
		 path);
	CU_ASSERT_EQUAL(cli_run(args), 1);
	snprintf(args, sizeof(args), "check %s", path);
	CU_ASSERT_EQUAL(cli_run(args), 0);
	unlink(path);
	cli_dir_gone();
}

/* Names with what a terminal would obey: it does not get it, wherever they are told. */
static void test_control(void)
{
	static const struct {
		const char *args; /* with a file's name in a shell's quotes behind it */
		int status;
	} cases[] = {
		{ "list --image-pv", 0 },
		{ "run key --policy zz --image-pv", 2 },
		{ "check", 1 },
		{ "show key -o", 0 },
		{ "run key --cpus 1 --backend native --paravirt n --invlpgb n --trace", 0 },
		{ "run --json --backend", 2 },
		{ "run --inject", 2 },
	};
	char name[128], args[512], copy[512];

	snprintf(name, sizeof(name), "%s/a\033[7m\t.html", cli_dir());
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status;

		snprintf(copy, sizeof(copy), "cp %s '%s'", test_image_pv, name);
		CU_ASSERT_EQUAL(system(copy), 0);
		snprintf(args, sizeof(args), "%s '%s'", cases[i].args, name);
		status = cli_run(args);
		if (status != cases[i].status || strpbrk(cli_out, "\033\t"))
			test_say("%s: %d, %.300s", cases[i].args, status, cli_out);
		CU_ASSERT_EQUAL(status, cases[i].status);
		CU_ASSERT_PTR_NULL(strpbrk(cli_out, "\033\t"));
	}
	unlink(name);
	cli_dir_gone();
}

SUITE(cli_files, true, { "names with control characters", test_control }, { "standard files closed", test_closed }, { "trace and device tree files", test_files },
      { "a trace that cannot be written", test_trace_full });
