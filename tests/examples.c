/* SPDX-License-Identifier: GPL-2.0-only */
/* The examples of the pages: what they show in C compiles and runs, their commands do as shown. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "doc_examples.h"
#include "unit_util.h"

static void code(void)
{
	char command[512], line[512];
	int status;
	FILE *from;

	snprintf(command, sizeof(command), "sh tests/examples.sh $(dirname %.200s) 2>&1",
		 test_command);
	from = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	while (fgets(line, sizeof(line), from))
		test_say("%s", line);
	status = pclose(from);
	CU_ASSERT_TRUE_FATAL(WIFEXITED(status));
	if (WEXITSTATUS(status) == STATUS_SKIP)
		test_skipped("the examples compile; there is no KVM to run them on");
	else
		CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

/*
 * A directory for a page's commands: it has the tree in it, by links, and the build directory of
 * this test as `build`. What commands write stays there.
 */
struct place {
	char dir[32];
	unsigned int run;
};

/* A shell's; its output, to be freed. Returns its status, or -1. */
static int shell(const char *dir, const char *command, char **output)
{
	char script[2048];
	size_t len;
	FILE *from, *to = open_memstream(output, &len);
	int status, c;

	snprintf(script, sizeof(script),
		 "cd %s && unset MAKEFLAGS MAKELEVEL MFLAGS O SAN && { %s; } 2>&1 </dev/null", dir,
		 command);
	from = popen(script, "r");
	CU_ASSERT_FATAL(to && from);
	while ((c = getc(from)) != EOF)
		putc(c, to);
	status = pclose(from);
	fclose(to);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void place_make(struct place *p)
{
	char command[512], *said;

	strcpy(p->dir, "/tmp/pvtlb-examples-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(p->dir));
	snprintf(command, sizeof(command),
		 "for f in *; do [ \"$f\" = build ] || ln -s \"$PWD/$f\" %s/; done;"
		 " ln -s \"$(realpath \"$(dirname %.200s)\")\" %s/build",
		 p->dir, test_command, p->dir);
	CU_ASSERT_EQUAL_FATAL(shell(".", command, &said), 0);
	free(said);
}

/* Is it this kind of host? */
static bool is_kind(const struct place *p, const char *kind)
{
	char want[64], *said;
	bool is;

	snprintf(want, sizeof(want), "host: %s ", kind);
	shell(p->dir, "build/pvtlb run key --backend native --paravirt n --invlpgb n", &said);
	is = strstr(said, want);
	free(said);
	return is;
}

static void place_remove(const struct place *p)
{
	char command[64], *said;

	snprintf(command, sizeof(command), "rm -r %s", p->dir);
	CU_ASSERT_EQUAL(shell(".", command, &said), 0);
	free(said);
}

static void run(void *ctx, const struct doc_example *e)
{
	struct place *p = ctx;
	char *printed, where[64], wrong[128] = "";
	int status;

	if (e->not_run) {
		test_say("%s:%u: not run, %s: %s", e->page, e->line, e->not_run, e->command);
		return;
	}
	if (e->slow && !test_full)
		return;
	if (!strncmp(e->command, "make ", 5) && strcmp(test_build, "build")) {
		test_say("%s:%u: not run, it is for the directory build: %s", e->page, e->line,
			 e->command);
		return;
	}
	status = shell(p->dir, e->command, &printed);
	p->run++;
	if (status == STATUS_SKIP)
		test_skipped("%s:%u: it cannot run here: %s", e->page, e->line, e->command);
	else if (status != e->status)
		snprintf(wrong, sizeof(wrong), "ended with %d, and not with %d", status, e->status);
	else if (*e->shown && (!e->kind || is_kind(p, e->kind)) &&
		 !doc_shown_agrees(e->shown, printed, where, sizeof(where)))
		snprintf(wrong, sizeof(wrong), "printed otherwise, from here on: %s", where);
	if (!EXPECT(!*wrong, "%s:%u: %s: %s", e->page, e->line, e->command, wrong))
		test_say("%s", printed);
	free(printed);
}

static void commands(void)
{
	unsigned int nr = 0;
	struct place p = { 0 };
	glob_t pages;

	CU_ASSERT_EQUAL_FATAL(glob("docs/*.md", 0, NULL, &pages), 0);
	CU_ASSERT_EQUAL_FATAL(glob("docs/course/*.md", GLOB_APPEND, NULL, &pages), 0);
	place_make(&p);
	nr += doc_examples("README.md", run, &p);
	for (size_t i = 0; i < pages.gl_pathc; i++)
		nr += doc_examples(pages.gl_pathv[i], run, &p);
	place_remove(&p);
	globfree(&pages);
	test_say("%u of %u commands run", p.run, nr);
	CU_ASSERT_TRUE(nr > 10 && p.run > 5);
}

/* The table of docs/hosts.md is what pvtlb hosts prints. */
static void hosts(void)
{
	struct place p = { 0 };
	char *said, *page;

	place_make(&p);
	CU_ASSERT_EQUAL(shell(p.dir, "build/pvtlb hosts", &said), 0);
	CU_ASSERT_EQUAL(shell(p.dir, "cat docs/hosts.md", &page), 0);
	EXPECT(*said == '|' && strstr(page, said), "docs/hosts.md has another table than this:");
	test_say("%s", said);
	place_remove(&p);
	free(said);
	free(page);
}

static void note(void *ctx, const struct doc_example *e)
{
	FILE *to = ctx;

	fprintf(to, "%u %s|%s|%d %d %s %s;", e->line, e->command, e->shown, e->slow, e->status,
		e->kind ? e->kind : "-", e->not_run ? e->not_run : "-");
}

/* A page with a block of each kind: what is read out of it. */
static void blocks(void)
{
	static const char page[] = "# A page\n"
				   "```console\n$ one\nshown\n...\n$ two\n```\n"
				   "\n"
				   "<!-- example: slow, on pvm, ends with 1 -->\n"
				   "```console\n$ three\n```\n"
				   "```c\nint x;\n```\n"
				   "<!-- example: not run, no reason -->\n"
				   "```console\n$ four\n```\n";
	char path[] = "/tmp/pvtlb-page-XXXXXX", *read;
	int fd = mkstemp(path);
	size_t len;
	FILE *to = open_memstream(&read, &len);

	CU_ASSERT_FATAL(fd >= 0 && to);
	CU_ASSERT_EQUAL(write(fd, page, strlen(page)), (ssize_t)strlen(page));
	CU_ASSERT_EQUAL(doc_examples(path, note, to), 4);
	fclose(to);
	CU_ASSERT_STRING_EQUAL(read, "3 one|shown\n...\n|0 0 - -;6 two||0 0 - -;"
				     "11 three||1 1 pvm -;18 four||0 0 - no reason;");
	test_say("%s", read);
	free(read);
	close(fd);
	unlink(path);
}

/* What agrees with what is shown, and what does not. */
static void comparison(void)
{
	static const struct {
		const char *shown, *printed;
		bool agrees;
	} cases[] = {
		{ "a\n", "a\n", true },
		{ "a\n", "b\n", false },
		{ "a\n", "a\nb\n", false },
		{ "a\nb\n", "a\n", false },
		{ "a\n...\n", "a\nb\nc\n", true },
		{ "a\n...\nb\n", "a\nb\n", true },
		{ "...\nc\n", "a\nb\nc\n", true },
		{ "...\nc\n", "a\nb\n", false },
		{ "...\nc\n...\nd\n", "a\nc\nc\nd\n", true },
		{ "...\nc\n...\nd\n", "a\nd\nc\n", false },
		{ "took ... s\n", "took 12 s\n", true },
		{ "took ... s\n", "took 12 min\n", false },
		{ "#12 at 0x1f, x.c:7\n", "#3 at 0xabc, x.c:70\n", true },
		{ "#12\n", "# 3\n", false },
		{ "12 trials\n", "13 trials\n", false },
		{ "a long line\n", "a long\n  line\n", true },
		{ "a long line\n", "a longline\n", false },
	};
	char where[16];

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(doc_shown_agrees(cases[i].shown, cases[i].printed, where, sizeof(where)) ==
			       cases[i].agrees,
		       "'%s' and '%s'", cases[i].shown, cases[i].printed);
	doc_shown_agrees("one\ntwo three\n", "one two four", where, sizeof(where));
	CU_ASSERT_STRING_EQUAL(where, "three");
}

SUITE(examples, false, { "the scenarios and the policy of docs/", code },
      { "blocks and their marks", blocks }, { "what agrees with a page", comparison },
      { "the table of docs/hosts.md", hosts }, { "the commands of README.md and docs/", commands });
