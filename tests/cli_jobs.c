/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb run -j: side by side everything is said as one after the other, and ends as that does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "lab.h"
#include "unit_util.h"

/* What the command says, to be freed; its status has to be this. */
static char *said(const char *words, int status)
{
	int is = cli_run(words);

	EXPECT(is == status, "%s: %d, not %d: %.300s", words, is, status, cli_out);
	return strdup(cli_out);
}

/* Of TAP all but the times is there: order, names, verdicts, why; of a failure the first line. */
static void same_words(void)
{
	static const struct {
		const char *words;
		int status;
	} cases[] = {
		{ "run 'lazy-c*' key two-mms --backend native,xen --cpus 2-3 --paravirt y "
		  "--invlpgb n "
		  "--install boot --tap",
		  0 },
		{ "run key --key on --backend pvtlb,xen --tap", 1 },
		{ "run key --backend pvtlb --paravirt n --tap", 77 },
		{ "run key --backend native --invlpgb n --paravirt y --tap", 0 },
	};
	char words[160], *one, *many;

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		one = said(cases[i].words, cases[i].status);
		for (unsigned int jobs = 2; jobs <= 5; jobs += 3) {
			snprintf(words, sizeof(words), "%s -j %u", cases[i].words, jobs);
			many = said(words, cases[i].status);
			EXPECT(!strcmp(one, many), "%s: %s, not %s", words, many, one);
			free(many);
		}
		free(one);
	}
}

/* Lines of a file that begin so, to be freed; the file goes. */
static char *lines_of(const char *path, const char *begin)
{
	char line[4096], *text;
	size_t len;
	FILE *from = fopen(path, "r"), *to = open_memstream(&text, &len);

	CU_ASSERT_FATAL(from && to);
	while (fgets(line, sizeof(line), from)) {
		char *time = strstr(line, " time=");

		if (strncmp(line + strspn(line, " "), begin, strlen(begin)))
			continue;
		/* A test case's, which is its last attribute. */
		fprintf(to, "%.*s\n", time ? (int)(time - line) : (int)strcspn(line, "\n"), line);
	}
	fclose(from);
	fclose(to);
	unlink(path);
	return text;
}

/* The same runs in the same order in the files, too; a trace is whole, and is judged the same. */
static void files(void)
{
	static const struct {
		const char *option, *begin;
	} cases[] = {
		{ "trace", "# pvtlb-trace" },
		{ "trace", "# end" },
		{ "junit", "<testcase" },
	};
	char path[64], words[256], *text[2];

	snprintf(path, sizeof(path), "%s/f", cli_dir());
	for (size_t i = 0; i < LAB_NR(cases); i++) {
		for (int many = 0; many < 2; many++) {
			snprintf(words, sizeof(words),
				 "run key two-mms --backend native,xen --quiet --%s %s -j %d",
				 cases[i].option, path, many ? 3 : 1);
			free(said(words, 0));
			if (many && !strcmp(cases[i].option, "trace")) {
				snprintf(words, sizeof(words), "check %s", path);
				free(said(words, 0));
			}
			text[many] = lines_of(path, cases[i].begin);
		}
		/* The end lines count events, some of which go by chance. */
		if (i != 1)
			EXPECT(*text[0] && !strcmp(text[0], text[1]), "%s, and not %s", text[1],
			       text[0]);
		EXPECT(strlen(text[1]), "no %s", cases[i].begin);
		free(text[0]);
		free(text[1]);
	}
	cli_dir_gone();
}

static void reports(void)
{
	static const struct cli_case cases[] = {
		{ "run two-mms key -j 4", 0, " 0 failed, 0 skipped, in " },
		{ "run two-mms key --summary -j 2", 0, "\nxen            hypercall " },
		{ "run two-mms --matrix -j 2", 0, "The same runs' counts" },
		{ "run two-mms --json -j 64", 0, "\"verdict\": \"pass\"" },
		{ "run collapse-vs-gup --key on --backend pvtlb,xen -j 2", 1,
		  "\n      deposited  at #" },
		/* What has none beside it comes when it is its turn; the guest's last words do,
		   too. */
		{ "run key,hang,two-mms --backend native --invlpgb n --cpus 2 --timeout 2 -j 3 "
		  "--tap",
		  124, "scn_spin_forever" },
		{ "run key,hang,two-mms --backend native --invlpgb n --cpus 2 --timeout 2 -j 3 "
		  "--tap",
		  124, "not ok 3 - hang" },
		{ "run collapse-vs-gup rcu-walker --stress 1 --backend native --invlpgb n -j 2", 0,
		  "ran free for 1 s" },
		{ "run key -j 2 --backend pvtlb --provider host", 77, "nothing to run" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* With a limit on open files that is too low it says what would do. */
static void limits(void)
{
	static const struct {
		const char *limit, *words;
		int status;
		const char *says;
	} cases[] = {
		{ "-n 400", "run key --backend xen --cpus 200 -j 2", 2,
		  "open files than 400 (ulimit -Hn); at most -j 1\n" },
		{ "-n 400", "run key --backend xen --policy patch,declared --cpus 2,60 -j 9", 2,
		  "at most -j 6\n" },
		{ "-n 400", "run key --backend xen --cpus 60 -j 6", 0, " passed" },
		{ "-n 400", "run key --backend xen --cpus 200", 0, " passed" },
		/* A soft limit is ours to raise. */
		{ "-Sn 400", "run key --backend xen --cpus 150 -j 3", 0, " passed" },
	};
	char script[512], text[8192];

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		size_t n;
		FILE *from;
		int status;

		/* So many CPUs take minutes there. */
		if (test_host.emulated && !cases[i].status)
			continue;
		snprintf(script, sizeof(script), "ulimit %s; timeout 100 %.200s %s 2>&1",
			 cases[i].limit, test_command, cases[i].words);
		from = popen(script, "r");
		CU_ASSERT_PTR_NOT_NULL_FATAL(from);
		n = fread(text, 1, sizeof(text) - 1, from);
		text[n] = 0;
		status = pclose(from) >> 8;
		EXPECT(status == cases[i].status && strstr(text, cases[i].says), "%s: %d: %s",
		       script, status, text);
	}
}

SUITE(cli_jobs, true, { "the same words", same_words }, { "files", files }, { "reports", reports },
      { "limits", limits });
