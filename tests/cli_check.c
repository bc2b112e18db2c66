/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb check: does it say of a trace what pvtlb run said, and find what is damaged? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "judge/claims.h"
#include "lab.h"
#include "test.h"

static char checked[1 << 20];

/* Run with --table, --trace and these words, then check the file; text: what both of them must say. */
static void check_again(const char *path, const char *args, int status, const char *text)
{
	char words[512];

	snprintf(words, sizeof(words), "run %s --table --trace %s", args, path);
	CU_ASSERT_EQUAL(cli_run(words), status);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, text));
	snprintf(words, sizeof(words), "check %s", path);
	CU_ASSERT_EQUAL(lab_pvtlb(words, checked, sizeof(checked)), status);
	CU_ASSERT_PTR_NOT_NULL(strstr(checked, text));
}

/* The row's last column, from where it begins on. */
static char *why(char *text, const char *verdict)
{
	char *at = strstr(text, verdict);

	if (!at)
		return text + strlen(text);
	at += strlen(verdict);
	at += strspn(at, " ");
	at[strcspn(at, "\n")] = 0;
	return at;
}

/* The verdict of a row of either table, and all behind it; "" if the line is no row. */
static const char *row_verdict(const char *line)
{
	const char *first = "";

	for (int v = VERDICT_PASS; v <= VERDICT_UNKNOWN; v++) {
		char word[16];
		const char *at;

		snprintf(word, sizeof(word), "  %-7s ", verdict_names[v]);
		at = strstr(line, word);
		if (at && (!*first || at < first))
			first = at;
	}
	return first;
}

/* Rows of run's table that are in its trace, too; a report below a row is moved in. */
static unsigned int rows_in_trace(const char *text)
{
	unsigned int nr = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		char row[1024];

		snprintf(row, sizeof(row), "%.*s", (int)strcspn(line, "\n"), line);
		nr += *row != ' ' && *row_verdict(row) && !strstr(row, "  skip ");
	}
	return nr;
}

/* Does check say of each run, in order, what run said? Sentences, and statuses. */
static void check_same(const char *path, const char *args, int status)
{
	unsigned int same = 0, rows;
	char words[512], *save, *ran = cli_out;

	snprintf(words, sizeof(words), "run %s --table --trace %s", args, path);
	CU_ASSERT_EQUAL(cli_run(words), status);
	rows = rows_in_trace(cli_out);
	snprintf(words, sizeof(words), "check %s", path);
	CU_ASSERT_EQUAL(lab_pvtlb(words, checked, sizeof(checked)), status);
	for (char *line = strtok_r(checked, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *row = row_verdict(line);
		char *at = *row ? strstr(ran, row) : NULL;

		if (!at)
			continue;
		ran = at + strlen(row);
		/* Of several policies run names the default one, too. */
		same += *ran == '\n' || !strncmp(ran, " (policy patch)\n", 16);
	}
	if (same != rows)
		test_say("pvtlb run %s: %u rows of %u: %.800s", args, same, rows, cli_out);
	CU_ASSERT_TRUE(rows > 0 && same == rows);
}

/* The file without its line nr, from 1; or without all that follow it, too. */
static void cut_line(const char *from, const char *to, unsigned int nr, bool rest)
{
	FILE *in = fopen(from, "r"), *copy = fopen(to, "w");
	char line[4096];

	CU_ASSERT_FATAL(in && copy);
	for (unsigned int i = 1; fgets(line, sizeof(line), in) && (i < nr || !rest); i++)
		if (i != nr)
			fputs(line, copy);
	fclose(in);
	fclose(copy);
}

static void check_damaged(const char *words, const char *says)
{
	CU_ASSERT_EQUAL(lab_pvtlb(words, checked, sizeof(checked)), 1);
	if (!strstr(checked, says))
		test_say("pvtlb %s: %.300s", words, checked);
	CU_ASSERT_PTR_NOT_NULL(strstr(checked, says));
}

static void test_check(void)
{
	char good[64], cut[64], words[512], *ran;
	const char *dir = cli_dir();

	snprintf(good, sizeof(good), "%s/good", dir);
	snprintf(cut, sizeof(cut), "%s/cut", dir);

	check_again(
		good,
		"shootdown --backend native --inject skip-ipi --paravirt y --invlpgb n --cpus 2", 1,
		"CPU 1 ");
	CU_ASSERT_PTR_NOT_NULL(strstr(checked, " key,delivered,safe "));
	ran = why(cli_out, " fail ");
	CU_ASSERT_TRUE(strlen(ran) > 40);
	CU_ASSERT_STRING_EQUAL(ran, why(checked, " fail "));
	check_again(good, "triple-fault --backend native --paravirt y --invlpgb n", 1,
		    "triple fault");
	CU_ASSERT_PTR_NOT_NULL(strstr(checked, "the run did not come to its end"));
	/* Applied by the VMM, which makes no event of it. */
	check_again(good,
		    "shootdown --backend pvtlb --inject hypercall-skip-target --invlpgb n --cpus 2 "
		    "--expect violation --trials 2",
		    0, "caught in 2 of 2 trials");
	check_again(good, "key --backend pvtlb --key on --invlpgb n", 1, "WRONGLY ON, forced");
	check_again(good, "collapse-vs-gup --backend pvtlb --policy v4 --invlpgb n", 1,
		    "read page table");
	check_again(good, "key --backend all", 0, "the backend was installed after");
	check_again(good, "shootdown --backend native --paravirt y --invlpgb n --cpus 2", 0,
		    "native flushes interrupt every target");

	snprintf(words, sizeof(words), "check %s /nonexistent %s", good, good);
	check_damaged(words, "/nonexistent: No such file");
	snprintf(words, sizeof(words), "check %s", cut);
	cut_line(good, cut, 20, true);
	check_damaged(words, " -                   unknown the file ends after line 19,");
	cut_line(good, cut, 20, false);
	check_damaged(words, " -                   unknown 1 events lost, 0 malformed");
	cut_line(good, cut, 1, false);
	check_damaged(words, "cut:1: expected '# pvtlb-trace 2 ...'");

	unlink(good);
	unlink(cut);
	cli_dir_gone();
}

/* Whatever judge() takes into account is in a trace. */
static void test_check_same(void)
{
	static const struct {
		const char *args;
		int status;
	} cases[] = {
		{ "shootdown --key on --backend pvtlb --invlpgb n", 0 },
		{ "key --key on --backend pvtlb --invlpgb n", 1 },
		{ "shootdown --key off --backend native --invlpgb n", 0 },
		{ "key collapse-vs-gup --policy v4 --backend pvtlb --invlpgb n", 1 },
		{ "key collapse-vs-gup --policy always-sync", 0 },
		{ "gather-twice unshare3-here --policy targeted,tracked,patch --backend pvtlb", 1 },
		{ "rcu-walker --stress 1 --backend native --invlpgb n", 0 },
		{ "rcu-walker --stress 1 --seed 0xffffffffffffffff --backend native --invlpgb n",
		  0 },
		{ "rcu-walker-sync no-flush", 0 },
		{ "rcu-walker --expect violation --backend native --invlpgb n", 1 },
	};
	char path[64];

	snprintf(path, sizeof(path), "%s/t", cli_dir());
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_same(path, cases[i].args, cases[i].status);
	unlink(path);
	cli_dir_gone();
}

SUITE(cli_check, true, { "traces checked again", test_check },
      { "check says what run said", test_check_same });
