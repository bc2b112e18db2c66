/* SPDX-License-Identifier: GPL-2.0-only */
/* Words of the command line that are wrong, empty, huge, there twice or too many: what is said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings.h"
#include "cli.h"
#include "cli/option_table.h"
#include "lab.h"
#include "unit_util.h"

#define RIGHT "right is a number or a range, 1 to 255, or several between commas, as 2-4,8"

static void test_numbers(void)
{
	static const struct cli_case cases[] = {
		{ "run --cpus", 2, "--cpus needs a value: N[,N-M...], 1 to 255" },
		{ "run --cpus 0", 2, "--cpus: '0' is not a number in range; " RIGHT },
		{ "run --cpus 256", 2, "--cpus: '256' is not a number in range; " RIGHT },
		{ "run --cpus 2-256", 2, "--cpus: '256' is not a number in range; " RIGHT },
		{ "run --cpus 4x", 2, "--cpus: '4x' is not a number in range; " RIGHT },
		{ "run --cpus +2", 2, "--cpus: '+2' is not a number in range; " RIGHT },
		{ "run --cpus ' 2'", 2, "--cpus: ' 2' is not a number in range; " RIGHT },
		{ "run --cpus 2--3", 2, "--cpus: '-3' is not a number in range; " RIGHT },
		{ "run --cpus 4-2", 2, "--cpus: the range '4-2' runs backwards; " RIGHT },
		{ "run --cpus 2-", 2, "--cpus: the range '2-' has no end; " RIGHT },
		{ "run --cpus 8,-3", 2, "--cpus: the range '-3' has no beginning; " RIGHT },
		{ "run --cpus 2,2", 2, "--cpus: 2 is there twice; " RIGHT },
		{ "run --cpus 2-4,3", 2, "--cpus: 3 is there twice; " RIGHT },
		{ "run --cpus=", 2, "--cpus: there is no number; " RIGHT },
		{ "run --cpus 2,", 2,
		  "--cpus: in '2,' a comma has no number on each side; " RIGHT },
		{ "run --cpus ,2", 2,
		  "--cpus: in ',2' a comma has no number on each side; " RIGHT },
		{ "run --cpus 2,,3", 2, "in '2,,3' a comma has no number on each side; " RIGHT },
		{ "run --cpus $(printf %0999d 7)", 2, "0...' is no number; " RIGHT },
		/* None of these is too many. */
		{ "run --cpus 2-40 --kvm /nonexistent", 77, "modprobe" },
		{ "run --cpus 1-255 --kvm /nonexistent", 77, "modprobe" },
		{ "run --trials -1", 2, "--trials: '-1' is not N, 1 to 1000000" },
		{ "run --trials +2", 2, "--trials: '+2' is not N, 1 to 1000000" },
		{ "run --trials=", 2, "--trials: '' is not N, 1 to 1000000" },
		{ "run --stress 0", 2, "--stress: '0' is not SECONDS, 1 to 3600" },
		{ "run --timeout 99999999999999999999", 2, "is not SECONDS, 1 to 86400" },
		{ "run --seed x", 2, "--seed: 'x' is not N, 0 to 18446744073709551615" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

static void test_names(void)
{
	static const struct cli_case cases[] = {
		{ "run key,,shootdown", 2,
		  "scenario: in 'key,,shootdown' a comma has no name on each side" },
		{ "run ''", 2, "scenario: an empty word is no name" },
		{ "list key ''", 2, "scenario: an empty word is no name" },
		{ "run key shootdown key", 2, "scenario: key is there twice" },
		{ "run key,shootdown,key", 2, "scenario: key is there twice" },
		{ "run $(printf 'a%03d,' $(seq 999))z", 2, "no scenario a001; see" },
		{ "run $(printf 'a%03d,' $(seq 1025))z", 2, "scenario: more than 1024 names" },
		{ "run $(printf %0999d 7)", 2, "no scenario 000" },
		{ "run $(printf 'a%03d ' $(seq 256))", 2,
		  "too many words: run takes 255 at most, and 'a256' is one more" },
		{ "run --backend=", 2, "--backend: an empty word is no name" },
		{ "run --backend xen,", 2,
		  "--backend: in 'xen,' a comma has no name on each side" },
		{ "run --backend xen,kvm,xen", 2, "--backend: xen is there twice" },
		{ "run --policy=", 2, "--policy: an empty word is no name" },
		{ "run --policy patch,", 2,
		  "--policy: in 'patch,' a comma has no name on each side" },
		{ "run --policy ,patch", 2,
		  "--policy: in ',patch' a comma has no name on each side" },
		{ "run --policy patch,patch", 2, "--policy: patch is there twice" },
		{ "run --policy 'zz*'", 2, "no policy 'zz*'; there are: patch, " },
		{ "run --policy $(printf %05000d 7)", 2, "a list of at most 4095 bytes is taken" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

static void test_options(void)
{
	static const struct cli_case cases[] = {
		{ "run --key maybe", 2, "--key: 'maybe' is not auto|on|off" },
		{ "run --key offf", 2, "--key: 'offf' is not auto|on|off; did you mean off?" },
		{ "run --key=", 2, "--key: '' is not auto|on|off" },
		{ "run --provider hots", 2,
		  "--provider: 'hots' is not vmm|host; did you mean host?" },
		{ "run --key on --key off", 2, "--key is given twice; it has one value" },
		{ "run --cpus 2 --cpus 3", 2,
		  "--cpus is given twice; several values go between commas" },
		{ "run --trace a --trace b", 2, "--trace is given twice; it has one value" },
		{ "run --trace", 2, "--trace needs a value: FILE" },
		{ "run --trace=", 2, "--trace: there is no FILE" },
		{ "run --trace -v", 2, "'-v' looks like an option; what has that name is ./-v" },
		{ "run --junit -", 2, "--junit needs a FILE, and - is none" },
		{ "run --kvm $(printf %05000d 7)", 77, "7: File name too long" },
		{ "check $(printf %05000d 7)", 1, "0: File name too long" },
		{ "doctor --image-pv /nonexistent", 1, "/nonexistent: No such file" },
		{ "run --trace --json", 2,
		  "--trace needs a FILE, and '--json' looks like an option" },
		{ "show key -o --against native", 2,
		  "--output needs a FILE, and '--against' looks" },
		{ "show key -o", 2, "-o needs a value: FILE" },
		{ "run --verbose=3", 2, "--verbose takes no value, and there is one: --verbose=3" },
		{ "run --in x", 2, "--in may be --invlpgb, --install, --inject" },
		{ "run --junit a --dump-dtb a", 2, "--junit and --dump-dtb name the same file: a" },
		{ "run --trace a --junit a", 2, "--trace and --junit name the same file: a" },
		{ "show key --nested -o f.html", 2, "--output, --image-pv" },
		/* Those without a value may stand behind one dash. */
		{ "run -vh", 0, "pvtlb run " },
		{ "show -vh", 2, "--verbose means nothing to pvtlb show" },
		{ "run -v -v --help --help", 0, "pvtlb run " },
		{ "run -xh", 2, "unknown option -x; short ones are -" },
		{ "run -hx", 2, "unknown option -x; short ones are -" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

static void test_commands(void)
{
	static const struct cli_case cases[] = {
		{ "help", 0, "\n  pvtlb help " },
		{ "help -h", 0, "\n  pvtlb help " },
		{ "help help", 0, "pvtlb help [COMMAND]: " },
		{ "help rnu", 2, "no command rnu; did you mean run?" },
		{ "help xyzzy", 2, "no command xyzzy; see: pvtlb --help" },
		{ "help run show", 2, "help takes one command, and 'show' is one more" },
		{ "--help rnu", 2, "no command rnu; did you mean run?" },
		{ "hlep", 2, "no command hlep; did you mean help?" },
		{ "--version x", 2, "--version takes no word, and there is 'x'" },
		{ "--verison", 2, "did you mean --version?" },
		{ "--cpus 2 run", 2, "options go behind it, as in: pvtlb run --cpus;" },
		{ "''", 2, "an empty word is no command; see" },
		{ "-", 2, "no command -; see" },
		{ "$(printf %0999d 7)", 2, "; see: pvtlb --help" },
		{ "doctor foo", 2,
		  "doctor takes no word, and there is 'foo'; see: pvtlb doctor --help" },
		{ "policies foo", 2, "policies takes no word" },
		{ "hosts --json", 2, "--json means nothing to pvtlb hosts" },
		{ "list --cpus 2", 2,
		  "--cpus means nothing to pvtlb list, whose options are: groups " },
		{ "show key shootdown", 2,
		  "too many words: show takes 1 at most, and 'shootdown' is one more" },
		{ "check ''", 2, "check: an empty word names no trace" },
		{ "check - -", 2, "check: - is there twice" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* One run is shown: what is for several is named, and one of them, to be typed. */
static void test_show(void)
{
	static const struct cli_case cases[] = {
		{ "show 'unshare3*'", 2,
		  "'unshare3*' is 3 scenarios: unshare3-here, unshare3-nowhere, unshare3-there; "
		  "type "
		  "one of them, as: pvtlb show unshare3-here" },
		{ "show @walkers", 2, "more; type one of them, as: pvtlb show churn" },
		{ "show key,shootdown", 2, "'key,shootdown' is 2 scenarios: key, shootdown; " },
		{ "show key,zz", 2, "no scenario zz; see" },
		{ "show ''", 2, "scenario: an empty word is no name" },
		{ "show key --backend xen,kvm", 2,
		  "'xen,kvm' is 2 backends: kvm, xen; type one of them, as: --backend kvm" },
		{ "show key --backend all", 2, "'all' is 6 backends: native, hyperv, " },
		{ "show key --against 'x*,kvm'", 2,
		  "'x*,kvm' is 2 backends: kvm, xen; type one of them, as: --against kvm" },
		{ "show key --against xne", 2, "no backend xne; did you mean xen?" },
		{ "show key --cpus 2-4", 2,
		  "is 3 numbers: 2, 3, 4; type one of them, as: --cpus 2" },
		{ "show key --cpus 2-40", 2, "is 39 numbers: 2, 3, 4, 5, 6, 7 and 33 more; " },
		{ "show key --policy all", 2, " policies: patch, always-sync, " },
		{ "show key --policy patch,tracked", 2, "is 2 policies: patch, tracked; " },
		{ "show key --policy 'targeted*'", 2,
		  "'targeted*' is 2 policies: targeted, targeted-any; type one of them, as: "
		  "--policy "
		  "targeted" },
		{ "show tests/traces/bad-stale.trace", 0, "by-hand, backend native" },
		{ "show - <tests/traces/bad-stale.trace", 0, "by-hand, backend native" },
		{ "show - <tests/traces/bad-stale.trace --cpus 2", 2,
		  "--cpus: standard input is a trace, of a run that has been" },
		{ "show tests/traces/bad-stale.trace --key on", 2,
		  "--key: tests/traces/bad-stale.trace is a trace, of a run that has been" },
		{ "show --nested tests/traces/bad-stale.trace", 2,
		  "--nested: show of a trace needs no machine" },
		{ "run tests/traces/bad-stale.trace", 2,
		  "but a file; to judge a trace: pvtlb check tests/traces/bad-stale.trace" },
		{ "show - </dev/null", 1, "standard input: there is no run in it" },
		{ "show - </dev/zero", 1, "standard input:1: expected printable ASCII" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* The same text, whichever way it is asked for. */
static void test_help(void)
{
	static const char *const commands[] = { "run",	 "show",   "check", "list",    "policies",
						"hosts", "doctor", "help",  "explore", "replay" };

	for (size_t i = 0; i < LAB_NR(commands); i++) {
		char words[64], *text;

		snprintf(words, sizeof(words), "help %s", commands[i]);
		CU_ASSERT_EQUAL(cli_run(words), 0);
		text = strdup(cli_out);
		snprintf(words, sizeof(words), "pvtlb %s", commands[i]);
		CU_ASSERT_EQUAL(strncmp(text, words, strlen(words)), 0);
		if (strcmp(commands[i], "help")) {
			snprintf(words, sizeof(words), "%s --help", commands[i]);
			CU_ASSERT_EQUAL(cli_run(words), 0);
			CU_ASSERT_STRING_EQUAL(text, cli_out);
		}
		free(text);
	}
}

/* A command that takes the option, and can do nothing. */
static const char *command_of(const char *option)
{
	static const struct {
		const char *option, *command;
	} others[] = {
		{ "against", "show key" },	{ "output", "show key" },
		{ "engine", "explore key" },	{ "bound", "explore key" },
		{ "unbounded", "explore key" }, { "random", "explore key" },
		{ "depth", "explore key" },	{ "max-schedules", "explore key" },
		{ "time", "explore key" },	{ "shard", "explore key" },
		{ "merge", "explore key" },	{ "go-on", "explore key" },
		{ "times", "replay key" },	{ "groups", "list" },
		{ "report", "doctor" },
	};

	for (size_t i = 0; i < LAB_NR(others); i++)
		if (!strcmp(others[i].option, option))
			return others[i].command;
	return "run key";
}

static void expect_refused(const char *option, const char *how, const char *says)
{
	char args[160], want[80];

	snprintf(args, sizeof(args), "%s --%s%s", command_of(option), option, how);
	snprintf(want, sizeof(want), says, option);
	cli_expect(&(struct cli_case){ args, 2, want });
	EXPECT(strchr(cli_out, '\n') && !strchr(cli_out, '\n')[1], "%s: more than a line", args);
}

/* None has been forgotten: without a value, with an empty one, with one that is not taken. */
static void test_every_option(void)
{
	for (unsigned int i = 0; i < nr_settings; i++) {
		const char *option = settings[i].option;

		if (!option)
			continue;
		if (settings[i].field.form == FORM_FLAG) {
			expect_refused(option, "=1", "--%s takes no value");
			continue;
		}
		expect_refused(option, "", "--%s needs a value: ");
		expect_refused(option, "=", "--%s: ");
	}
	for (unsigned int i = 0; i < nr_own_options; i++) {
		const char *option = own_options[i].name;

		if (!own_takes_value(&own_options[i])) {
			expect_refused(option, "=1", "--%s takes no value");
			continue;
		}
		expect_refused(option, "", "--%s needs a value: ");
		expect_refused(option, "=", "--%s: ");
	}
}

SUITE(cli_words, false, { "numbers", test_numbers }, { "names", test_names },
      { "options", test_options }, { "every option", test_every_option },
      { "commands", test_commands }, { "show", test_show }, { "help", test_help });
