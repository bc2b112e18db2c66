/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb run as one looks at it, and as programs do: summary, TAP, JUnit, quiet, colours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/backend.h"
#include "cli.h"
#include "lab.h"
#include "machine/hypervisor.h"
#include "unit_util.h"

/* The line that begins so, of the last command's output, into line; false: there is none. */
static bool line_of(const char *begin, char *line, size_t len)
{
	const char *at = cli_out;

	while (at && strncmp(at, begin, strlen(begin)))
		at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
	snprintf(line, len, "%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
	return at;
}

static unsigned int lines_of_output(void)
{
	unsigned int nr = 0;

	for (const char *at = cli_out; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		EXPECT(strcspn(at, "\n") <= 80, "%.*s", (int)strcspn(at, "\n"), at);
		nr++;
	}
	return nr;
}

/* Each backend has its line, and what the key forced on does there was found out. */
static void summary(void)
{
	const struct backend *b;
	char line[256], name[64];

	CU_ASSERT_EQUAL(cli_run("run key collapse-vs-gup --summary"), 0);
	EXPECT(lines_of_output() <= 25, "%s", cli_out);
	for (unsigned int i = 0; (b = backend_at(i)); i++) {
		if (hypervisor_missing(b, &test_host))
			continue;
		snprintf(name, sizeof(name), "%s%s ", b->name, backend_by_host(b) ? " (host)" : "");
		if (!EXPECT(line_of(name, line, sizeof(line)), "%s: %s", name, cli_out))
			continue;
		if (b->interrupts == INTERRUPTS_ALL)
			EXPECT(strstr(line, " on   holds"), "%s", line);
		else
			EXPECT(strstr(line, " off  CPU ") && strstr(line, " read mm 2's table"),
			       "%s", line);
	}
	CU_ASSERT_TRUE(line_of("native INVLPGB ", line, sizeof(line)));
	EXPECT(strstr(line, " off  holds"), "%s", line);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, " 0 failed, 0 skipped"));
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "use after deposit: CPU "));
	/* What it says to type next is a command. */
	CU_ASSERT_TRUE_FATAL(line_of("next: ", line, sizeof(line)) && strstr(line, " show "));
	memmove(line, strstr(line, " show ") + 1, strlen(strstr(line, " show ")));
	CU_ASSERT_EQUAL(cli_run(line), 0);
	EXPECT(strstr(cli_out, "the key is on (forced)"), "%s: %s", line, cli_out);
}

/* What is no run of the key alone is not made; what is wrong is told at length. */
static void no_forced_run(void)
{
	static const struct cli_case cases[] = {
		{ "run key --summary --backend xen --key off", 0, "  off  -\n" },
		{ "run key --summary --backend xen --policy tracked", 0, "  off  -\n" },
		{ "run key --summary --backend xen --cpus 1", 0, "  off  not run\n" },
		{ "run collapse-vs-gup --summary --backend xen --key on", 1,
		  "\nfail: collapse-vs-gup, backend xen, 4 CPUs, key on\n    CPU " },
		{ "run key --summary --stress 1 --backend native", 77, " skipped: nothing in key" },
		{ "run key --summary --backend pvtlb --provider host", 77, "nothing to run" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

static void for_programs(void)
{
	static const struct cli_case cases[] = {
		{ "run key --tap --backend xen --invlpgb n --install boot", 0,
		  "TAP version 14\n1..1\nok 1 - key, backend xen, 4 CPUs\n# off expected: " },
		{ "run collapse-vs-gup --tap --backend xen --key on", 1,
		  "1..1\nnot ok 1 - collapse-vs-gup, backend xen, 4 CPUs, key on\n# CPU " },
		{ "run key --tap --backend pvtlb --provider host", 77, "1..0 # SKIP" },
		{ "run collapse-vs-gup --quiet --backend xen --key on", 1,
		  "fail: collapse-vs-gup, backend xen, 4 CPUs, key on\n" },
		{ "run key --tap --quiet", 2, "--tap and --quiet exclude each other" },
		{ "run key --summary --table", 2, "--summary and --table exclude each other" },
		{ "run key --color blue", 2, "'blue' is not auto|always|never" },
		{ "run key --trace f --junit f", 2, "--trace and --junit name the same file: f" },
		{ "run key --backend xen --junit /nonexistent/x", 1, "/nonexistent/x: No such" },
		{ "run key --backend xen --junit /dev/full", 1, "/dev/full: No space" },
	};

	cli_expect_all(cases, LAB_NR(cases));
	CU_ASSERT_EQUAL(cli_run("run key --quiet --backend xen"), 0);
	EXPECT(!cli_out[0], "%s", cli_out);
}

static void junit(void)
{
	char path[64], words[160], text[4096] = "";
	FILE *from;

	snprintf(path, sizeof(path), "%s/j", cli_dir());
	snprintf(words, sizeof(words), "run key --backend xen --quiet --junit %s", path);
	CU_ASSERT_EQUAL(cli_run(words), 0);
	from = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	CU_ASSERT_TRUE(fread(text, 1, sizeof(text) - 1, from) > 0);
	fclose(from);
	unlink(path);
	EXPECT(strstr(text, "tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\""), "%s", text);
	EXPECT(strstr(text, "name=\"key, backend xen, 4 CPUs, late install\" time="), "%s", text);
	cli_dir_gone();
}

/* The output of a test is no terminal: there is colour only where it is asked for. */
static void colors(void)
{
	static const struct {
		const char *words;
		bool color;
	} cases[] = {
		{ "", false },
		{ " --color auto", false },
		{ " --color never", false },
		{ " --color always", true },
	};
	char words[96];

	for (size_t i = 0; i < 2 * LAB_NR(cases); i++) {
		snprintf(words, sizeof(words), "run key --summary --backend xen%s",
			 cases[i / 2].words);
		if (i % 2)
			setenv("NO_COLOR", "1", 1);
		CU_ASSERT_EQUAL(cli_run(words), 0);
		unsetenv("NO_COLOR");
		EXPECT(!!strstr(cli_out, "\033[") == cases[i / 2].color, "%s", words);
	}
}

SUITE(cli_summary, true, { "every backend", summary }, { "without a forced run", no_forced_run },
      { "for programs", for_programs }, { "JUnit", junit }, { "colours", colors });
