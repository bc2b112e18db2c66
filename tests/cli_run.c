/* SPDX-License-Identifier: GPL-2.0-only */
/* Exit statuses and messages of pvtlb run, and its matrix. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "lab.h"
#include "test.h"

static void test_statuses(void)
{
	static const struct cli_case cases[] = {
		{ "run key --dtb /dev/null --backend pvtlb", 1, "FDT_ERR" },
		{ "run key --dtb /nonexistent", 1, "/nonexistent" },
		{ "run frob", 2, "no scenario frob" },
		{ "run --backend frob", 2, "no backend frob" },
		{ "run key --backend pvtlb --paravirt n", 77, "without CONFIG_PARAVIRT" },
		{ "run key --backend pvtlb --provider host", 77, "nothing to run" },
		{ "run hang --backend native --cpus 2 --timeout 2 --paravirt y --invlpgb n", 124,
		  "scn_spin_forever" },
		{ "run triple-fault --backend native --paravirt y --invlpgb n", 1, "triple fault" },
		{ "run shootdown --backend native --inject skip-ipi --paravirt y --invlpgb n", 1,
		  "CPU 3 " },
		{ "run key --backend pvtlb --install late --expect hold", 1, "WRONGLY ON" },
		{ "run key --key on --backend pvtlb --invlpgb n", 1, "WRONGLY ON, forced" },
		{ "run shootdown --key on --backend pvtlb", 0, "forced on, expected off (the" },
		{ "run shootdown --key off --backend native --invlpgb n", 0,
		  "missed optimisation" },
		{ "run key --stress 1 --backend native", 77, "nothing in key races" },
		{ "run key --policy all --backend native --paravirt y --invlpgb n --table", 0,
		  "(policy tracked)" },
		{ "run key --policy all --backend native --paravirt y --invlpgb n --table", 0,
		  "native flushes interrupt every target (policy patch)\n" },
		{ "run key --policy seed --backend native --paravirt y --invlpgb n --table", 0,
		  "on expected: native flushes interrupt every target\n" },
		{ "run gather-twice --policy tracked --backend pvtlb", 1,
		  "use-after-free: CPU " },
		{ "run gather-twice --policy tracked,patch --backend pvtlb --trials 3 "
		  "--expect violation", 1, "NOT caught: a violation in only 0 of 3 trials" },
		{ "run gather-twice --policy tracked --backend pvtlb --trials 3 --expect violation",
		  0, "caught in 3 of 3 trials: " },
		{ "run unshare3-nowhere --policy targeted --backend xen", 1,
		  "sent, but not to CPU " },
		{ "run key --policy tracked,patch --backend native --invlpgb n --matrix", 0,
		  "CONFIG_PARAVIRT=y, policy tracked\n" },
		{ "run preempted-walker --policy targeted --backend pvtlb -v", 0,
		  "    syncs: 1, 0 of them skipped; 1.00 interrupts per sync\n" },
		{ "run frob --matrix", 2, "no scenario frob" },
		{ "run key --backend pvtlb --provider host --matrix", 77, "nothing to run" },
		{ "run key --stress 1 --backend native --paravirt y --invlpgb n --matrix", 77,
		  "1 runs: 0 passed, 0 controls caught, 0 failed, 1 skipped\n" },
		{ "run hang --backend native --cpus 2 --timeout 2 --invlpgb n --matrix", 124,
		  "scn_spin_forever" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* Does some line of the output hold these words, with nothing but blanks between them? */
static bool has_line(const char *words)
{
	char line[1024], squeezed[1024];

	for (const char *at = cli_out; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		char *save, *word;
		size_t n = 0;

		snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
		squeezed[0] = 0;
		for (word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save))
			n += snprintf(squeezed + n, sizeof(squeezed) - n, "%s%s", n ? " " : "",
				      word);
		if (!strcmp(squeezed, words))
			return true;
	}
	test_say("no line '%s' in: %.2000s", words, cli_out);
	return false;
}

/* Run it, and assert how it ends and that these are lines, but for blanks, of what it says. */
static void expect_lines(const char *args, int status, const char *const *lines, size_t nr)
{
	CU_ASSERT_EQUAL(cli_run(args), status);
	for (size_t i = 0; i < nr; i++)
		CU_ASSERT_TRUE(has_line(lines[i]));
}

static void test_matrix(void)
{
	static const char *const good[] = {
		"BACKEND pvtlb",
		"INVLPGB no",
		"key off - -",
		"shootdown off 0/30 ok",
		"shootdown off 0/90 ok",
		"shootdown 0i 1.0h",
		"no-flush off 0/3 BAD 1",
		"caught",
		"other configurations",
		/* Of each CPU count the late install, and no-flush. */
		"10 runs: 6 passed, 4 controls caught, 0 failed, 0 skipped",
	};
	static const char *const bad[] = {
		"FAIL",
		"failed",
		"1 runs: 0 passed, 0 controls caught, 1 failed, 0 skipped",
	};

	expect_lines("run key shootdown no-flush --backend pvtlb --cpus 2,4 --matrix", 0, good,
		     LAB_NR(good));
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "key WRONGLY ON"));

	expect_lines("run collapse-vs-gup --backend pvtlb --key on --matrix", 1, bad, LAB_NR(bad));
	/* The report. */
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "\n    "));
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "read page table"));
}

/* What a terminal shows of named scenarios: 80 columns, at length, too, and in words of -v. */
static void test_rows(void)
{
	static const struct cli_case cases[] = {
		{ "run 'collapse*' --cpus 2-3 --provider vmm", 0, "\nSCENARIO         CPUS BACKEND" },
		{ "run collapse-vs-gup --backend xen --key on", 1, "\n      deposited  at #" },
		{ "run key --policy all --backend xen -v", 0, "\n    site 0x" },
		{ "run shootdown --backend xen,native --invlpgb n", 0,
		  "CPUs, by the VMM, CONFIG_PARAVIRT=y, policy patch, key auto\n\nBACKEND KEY" },
		{ "run --rows --backend native --invlpgb n --paravirt n key", 0, "\nKEY VERDICT" },
		{ "run collapse-vs-gup --provider vmm --backend xen --inject skip-ipi", 1, "fault skip-ipi" },
	};

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		cli_expect(&cases[i]);
		for (const char *at = cli_out; *at; at += strcspn(at, "\n"), at += *at == '\n')
			if (strcspn(at, "\n") > 80) {
				test_say("pvtlb %s: %.200s", cases[i].args, at);
				CU_FAIL("a line is too long");
			}
	}
}

SUITE(cli_run, true, { "80 columns", test_rows },
      { "exit statuses of runs", test_statuses }, { "matrix", test_matrix });
