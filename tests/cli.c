/* SPDX-License-Identifier: GPL-2.0-only */
/* The pvtlb command as a user meets it: exit statuses and messages that need no guest. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "lab.h"
#include "unit_util.h"

char cli_out[1 << 20];

int cli_run(const char *args)
{
	return lab_pvtlb(args, cli_out, sizeof(cli_out));
}

/* The text with each end of a line, and the blanks around it, as one blank. */
static const char *in_one_line(const char *text)
{
	static char line[sizeof(cli_out)];
	size_t n = 0;

	for (; *text; text++) {
		if (*text != '\n') {
			line[n++] = *text;
			continue;
		}
		while (n && line[n - 1] == ' ')
			n--;
		line[n++] = ' ';
		text += strspn(text + 1, " ");
	}
	line[n] = 0;
	return line;
}

bool cli_says(const char *text)
{
	return strstr(cli_out, text) || strstr(in_one_line(cli_out), text);
}

void cli_expect(const struct cli_case *c)
{
	int status = cli_run(c->args);

	CU_ASSERT_EQUAL(status, c->status);
	CU_ASSERT_TRUE(cli_says(c->says));
	if (status != c->status || !cli_says(c->says))
		test_say("pvtlb %s: exit %d, not %d, or without '%s': %.400s", c->args, status,
			 c->status, c->says, cli_out);
}

void cli_expect_all(const struct cli_case *cases, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		cli_expect(&cases[i]);
}

static char dir[32];

const char *cli_dir(void)
{
	strcpy(dir, "/tmp/pvtlb-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	return dir;
}

void cli_dir_gone(void)
{
	CU_ASSERT_EQUAL(rmdir(dir), 0);
}

static void test_statuses(void)
{
	static const struct cli_case cases[] = {
		{ "", 2, "pvtlb run" },
		{ "--help", 0, "pvtlb COMMAND --help" },
		{ "show --help", 0, "--against" },
		{ "run --help", 0, "--inject" },
		{ "run key --against xen", 2, "--against means nothing to pvtlb run; see: pvtlb show --help" },
		{ "rnu", 2, "did you mean run?" },
		{ "xyzzy", 2, "no command xyzzy; see" },
		{ "run colapse-vs-gup", 2, "did you mean collapse-vs-gup?" },
		{ "run key --bakend xen", 2, "did you mean --backend?" },
		{ "run key --backend xem", 2, "did you mean xen?" },
		{ "run 'zz*'", 2, "no scenario zz*; see" },
		{ "run 'two-*,asid-k*' --backend 'x*,native' --cpus 2-3 --invlpgb n --json", 0,
		  "\"scenario\": \"asid-kept\"" },
		{ "--version", 0, "pvtlb " },
		{ "frobnicate", 2, "no command frobnicate" },
		{ "run --frobnicate", 2, "--frobnicate" },
		{ "run --policy v5", 2,
		  "no policy 'v5'; there are: patch, " },
		{ "run --policy patch,all", 2, "no policy 'all'; there are: patch, " },
		{ "run --inject frob", 2, "'frob' is not" },
		{ "run --json --matrix", 2, "--json and --matrix exclude each other" },
		{ "run --matrix --nested --json", 2, "--json and --matrix exclude each other" },
		{ "run --image-pv /nonexistent", 1, "/nonexistent" },
		{ "run key --mm frob", 2, "'frob' is not model|kernel|model,kernel" },
		{ "run key --mm kernel,model", 2, "'kernel,model' is not model|kernel|model,kernel" },
		{ "run key --mm model,model", 2, "'model,model' is not model|kernel|model,kernel" },
		{ "run key --mm model,kernel --image-kernel /nonexistent", 1,
		  "/nonexistent: No such file or directory; build it: make kernel-guest" },
		{ "run key --mm model,kernel --image-kernel /dev/null", 1, "not a regular file" },
		{ "run key --mm model,kernel --policy patch", 2, "takes no --policy: a tree decides" },
		{ "run key --mm model,kernel --stress 1", 2, "takes no --stress: a free run" },
		{ "run key --mm model,kernel --table", 2, "takes no --table: it has one report" },
		{ "run key --mm model,kernel --trace f", 2, "takes no --trace: two runs" },
		{ "run key --mm model,kernel --gdb 0", 2, "takes no --gdb: it is for one run" },
		{ "run key --mm model,kernel --nested", 2, "leave out --mm model,kernel" },
		{ "list --mm model,kernel", 2, "is for pvtlb run: list has one image" },
		{ "show key --mm model,kernel", 2, "is for pvtlb run: show has one image" },
		{ "run --help", 0, "--mm model|kernel|model,kernel" },
		{ "run key --mm kernel --image-kernel /nonexistent", 1,
		  "/nonexistent: No such file or directory; build it: make kernel-guest" },
		{ "list --mm kernel --image-kernel /dev/null", 1, "not a regular file" },
		{ "run key --mm kernel --image-kernel /nonexistent --nested", 1,
		  "/nonexistent: No such file or directory; build it: make kernel-guest" },
		{ "run key --mm kernel --image-kernel /dev/null --nested", 1, "not a regular file" },
		{ "policies --mm kernel", 2, "--mm means nothing to pvtlb policies" },
		{ "check --mm kernel x", 2, "--mm means nothing to pvtlb check" },
		{ "run key --mm model --key frob", 2, "--key: 'frob' is not" },
		{ "run --kvm /nonexistent", 77, "modprobe" },
		{ "run --kvm /dev/null", 77, "is no KVM" },
		{ "doctor --kvm /nonexistent", 77, "does not exist" },
		{ "doctor --kvm /dev/null", 77, "is no KVM" },
		{ "run key --nested --junit f", 2, "--junit" },
		{ "run key --nested=vmx --junit f", 2, "--junit" },
		{ "run key --nested=vm", 2, "--nested: 'vm' is not svm|vmx" },
		{ "run key --nested=vmx --nested=svm", 2, "--nested is given twice" },
		{ "check --nested=vmx x", 2, "check needs no machine" },
		{ "show tests/traces/bad-stale.trace --against native", 2, "is a trace" },
		{ "show tests/unit_show.c", 1, "tests/unit_show.c:1: " },
		{ "list", 0, "shootdown" },
		{ "list --json", 0, "\"name\": \"shootdown\"" },
		{ "check", 2, "no trace named" },
		{ "check --nested x", 2, "check needs no machine" },
		{ "check --json x", 2, "--json means nothing to pvtlb check" },
		{ "check -v x", 2, "--verbose means nothing to pvtlb check" },
		{ "list @walkers", 0, "\n  collapse-vs-gup " },
		{ "list 'two-*,hang'", 0, "\n  hang  " },
		{ "list --groups", 0, " churn, collapse-vs-" },
		{ "list", 0, "\n  @needs-sync           wrong wherever a sync is skipped (" },
		{ "list --json @needs-sync", 0, "\"scenarios\": [\n        \"rcu-walker-sync\"" },
		{ "list @walker", 2, "no group @walker; did you mean @walkers?" },
		{ "run walkers", 2, "no scenario walkers; did you mean @walkers?" },
		{ "run key,@", 2, "no group @; see" },
		{ "run @zzzzzz", 2, "no group @zzzzzz; see" },
		{ "run -j 0", 2, "--jobs: '0' is not N, 1 to 64" },
		{ "run -j 65", 2, "--jobs: '65' is not N, 1 to 64" },
		{ "run -j x", 2, "--jobs: 'x' is not N, 1 to 64" },
		{ "run --jobs -1", 2, "--jobs: '-1' is not N" },
		{ "run --jobs +1", 2, "--jobs: '+1' is not N" },
		{ "run --jobs 18446744073709551617", 2, "is not N, 1 to 64" },
		{ "run --jobs ''", 2, "--jobs: '' is not N" },
		{ "run key -j", 2, "-j needs a value" },
		{ "run key -j 2 --dump-dtb f", 2, "--dump-dtb and -j 2: " },
		{ "list -j 2", 2, "--jobs means nothing to pvtlb list" },
		{ "run --groups", 2, "--groups means nothing to pvtlb run; see: pvtlb list --help" },
		{ "hosts -h", 0, "--nested" },
		{ "policies --cpus 2", 2, "--cpus means nothing to pvtlb policies" },
		{ "run key --trace a --dump-dtb a", 2, "name the same file: a" },
		{ "run '\033[2J'", 2, "no scenario ?[2J" },
		{ "run --'\033'", 2, "unknown option --?;" },
		{ "'\033[2J'", 2, "no command ?[2J" },
		{ "hosts 2>&1 >/dev/full; exit $?", 1, "standard output: not all results could be written" },
		{ "list 2>&1 >/dev/full; exit $?", 1, "standard output: not all results could be written" },
		{ "--help 2>&1 >/dev/full; exit $?", 1, "standard output: not all results could be written" },
		{ "--version 2>&1 >&-; exit $?", 1, "standard output: not all results could be written" },
		{ "check tests/traces/good-stale.trace 2>&1 >/dev/full; exit $?", 1, "not all results could be" },
		{ "check - <&-", 1, "standard input:1: cannot read: Bad file descriptor" },
		{ "check /nonexistent/trace", 1, "/nonexistent/trace: No such file" },
		{ "check /nonexistent/\033x", 1, "/nonexistent/?x: No such file" },
		{ "check /", 1, "/:1: cannot read: Is a directory" },
		{ "check /dev/null", 1, "/dev/null: there is no run in it" },
		{ "check /dev/zero", 1, "/dev/zero:1: expected printable ASCII" },
		{ "check - </dev/null", 1, "standard input: there is no run in it" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* A group has those that say so of themselves, and no diagnostic one but in its own. */
static void test_groups(void)
{
	static const struct {
		const char *group, *has, *has_not;
	} cases[] = {
		{ "@walkers", "collapse-vs-gup", "shootdown" },
		{ "@held", "collapse-vs-grab", "shootdown" },
		{ "@delivered", "shootdown", "done-early" },
		{ "@safe", "mremap", "key" },
		{ "@key", "key", "shootdown" },
		{ "@controls", "no-flush", "mremap" },
		{ "@needs-sync", "rcu-walker-sync", "rcu-walker" },
		{ "@one-offline", "conformance", "cpu-offline" },
		{ "@random", "churn", "shootdown" },
		{ "@diagnostic", "hang", "shootdown" },
		{ "'@[kr]*'", "churn", "shootdown" },
	};
	char words[64], line[64];

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		snprintf(words, sizeof(words), "list %s", cases[i].group);
		CU_ASSERT_EQUAL(cli_run(words), 0);
		snprintf(line, sizeof(line), "\n  %s ", cases[i].has);
		EXPECT(strstr(cli_out, line), "%s: %s", words, cli_out);
		snprintf(line, sizeof(line), "\n  %s ", cases[i].has_not);
		EXPECT(!strstr(cli_out, line), "%s: %s", words, cli_out);
	}
}

/* Each command has one line of --help, and so has each option; none is too long. */
static void help_of(const char *args)
{
	char line[160];

	CU_ASSERT_EQUAL(cli_run(args), 0);
	for (const char *at = cli_out; *at; at += strcspn(at, "\n") + 1)
		EXPECT(strcspn(at, "\n") <= 80 || !strncmp(at, "scenarios (in ", 14), "%s: too long: %.100s", args, at);
	for (const char *at = cli_out; (at = strstr(at, "\n  --")); at++) {
		snprintf(line, sizeof(line), "%.*s ", (int)(3 + strcspn(at + 3, " \n")), at);
		EXPECT(!strstr(at + 1, line), "twice in %s: %s", args, line + 3);
	}
}

static void test_help(void)
{
	static const char *const all[] = { "check --help", "doctor --help", "hosts --help",
					   "list --help",  "policies --help", "show --help" };

	for (size_t i = 0; i < LAB_NR(all); i++)
		help_of(all[i]);
	CU_ASSERT_PTR_NULL(strstr(cli_out, "--trials"));
	help_of("run --help");
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "\n  --trials N "));
	CU_ASSERT_PTR_NULL(strstr(cli_out, "--against"));
	help_of("list"); /* fits a terminal, too */
	help_of("--help");
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "\n  pvtlb policies "));
}

SUITE(cli, false, { "help", test_help }, { "groups", test_groups },
      { "exit statuses and messages", test_statuses });
