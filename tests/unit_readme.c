/* SPDX-License-Identifier: GPL-2.0-only */
/* What the README promises: its length; docs/matrix.md's run and docs/building.md's targets. */
#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc_tables.h"
#include "lab.h"
#include "unit_util.h"

/* The scenario of a row of the matrix; false: the line is no such row. */
static bool row_name(const char *line, char *name, size_t len)
{
	size_t n = strcspn(line, " \n");
	const char *cell = line + n + strspn(line + n, " ");

	snprintf(name, len, "%.*s", (int)n, line);
	return n && *line >= 'a' && *line <= 'z' &&
	       (!strncmp(cell, "on  ", 4) || !strncmp(cell, "off ", 4));
}

/* Its rows are scenarios that a run includes, in the order of a run. */
static void rows(void)
{
	const struct image *image = &lab_images()->image[1];
	char *text = doc_tables("docs/matrix.md", "pvtlb run"), name[64], before[64] = "";
	unsigned int nr = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const struct pvtlb_scenario *s;

		if (!row_name(line, name, sizeof(name)))
			continue;
		s = image_scenario(image, name);
		EXPECT(s && !(s->flags & PVTLB_SCENARIO_DIAGNOSTIC), "docs/matrix.md: %s is none",
		       name);
		EXPECT(strcmp(before, name) < 0,
		       "docs/matrix.md: %s stands behind %s; see: make readme", name, before);
		strcpy(before, name);
		nr++;
	}
	CU_ASSERT_TRUE(nr > 20);
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		snprintf(name, sizeof(name), "\n%s ", image->scenario[i].name);
		if (!(image->scenario[i].flags & PVTLB_SCENARIO_DIAGNOSTIC) && !strstr(text, name))
			test_say("docs/matrix.md has no %s; see: make readme",
				 image->scenario[i].name);
	}
	free(text);
}

/*
 * Each paragraph of docs/scenarios.md begins as pvtlb list says of a scenario that there is. One
 * that has none yet is somebody's own, which is said and fails nothing.
 */
static void scenarios(void)
{
	const struct image *image = &lab_images()->image[1];
	FILE *page = fopen("docs/scenarios.md", "r");
	unsigned int told = 0, named = 0;
	char *text = NULL, want[256];
	size_t room = 0;

	CU_ASSERT_FATAL(page && getdelim(&text, &room, 0, page) > 0);
	fclose(page);
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		named += !strncmp(at, "\n**`", 4) || !strncmp(at, "\n* `", 4);
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];
		bool by_name = s->flags & PVTLB_SCENARIO_DIAGNOSTIC;

		snprintf(want, sizeof(want), by_name ? "\n* `%s`: %s.\n" : "\n**`%s`**: %s.",
			 s->name, s->title);
		if (strstr(text, want))
			told++;
		else
			test_say("docs/scenarios.md: no paragraph begins so:%s", want);
	}
	CU_ASSERT_TRUE(told > 40);
	EXPECT(told == named, "docs/scenarios.md: of %u paragraphs %u are about scenarios that "
	       "there are, by their titles", named, told);
	free(text);
}

/* Each of the Makefile's targets that are no file is named. */
static void targets(void)
{
	FILE *make = fopen("Makefile", "r"), *page = fopen("docs/building.md", "r");
	char *line = NULL, *text = NULL, *save, want[64];
	size_t room = 0, all = 0;
	unsigned int nr = 0;

	CU_ASSERT_FATAL(make && page && getdelim(&text, &all, 0, page) > 0);
	while (getline(&line, &room, make) > 0) {
		if (strncmp(line, ".PHONY: ", 8))
			continue;
		for (char *word = strtok_r(line + 8, " \n", &save); word;
		     word = strtok_r(NULL, " \n", &save)) {
			snprintf(want, sizeof(want), "`%s`", word);
			EXPECT(strstr(text, want), "docs/building.md: no target %s", want);
			nr++;
		}
	}
	CU_ASSERT_TRUE(nr > 10);
	fclose(make);
	fclose(page);
	free(line);
	free(text);
}

/* Short enough to be read: as wc -w counts. */
static void words(void)
{
	FILE *readme = fopen("README.md", "r");
	unsigned int nr = 0;
	char word[512];

	CU_ASSERT_PTR_NOT_NULL_FATAL(readme);
	while (fscanf(readme, "%511s", word) == 1)
		nr++;
	fclose(readme);
	EXPECT(nr > 100 && nr <= 700, "README.md has %u words, and 700 are the limit", nr);
}

/* Every link to a file leads to one. */
static void links_of(const char *page)
{
	const char *slash = strrchr(page, '/');
	FILE *from = fopen(page, "r");
	char *text = NULL, path[512];
	size_t room = 0;

	CU_ASSERT_FATAL(from && getdelim(&text, &room, 0, from) > 0);
	fclose(from);
	for (const char *at = text; (at = strstr(at, "](")); at += 2) {
		int len = (int)strcspn(at + 2, ")#\n");

		if (!len || !strncmp(at + 2, "http", 4))
			continue;
		snprintf(path, sizeof(path), "%.*s%.*s", slash ? (int)(slash + 1 - page) : 0, page,
			 len, at + 2);
		EXPECT(!access(path, R_OK), "%s: a link to %s, and there is none", page, path);
	}
	free(text);
}

static void links(void)
{
	glob_t pages;

	CU_ASSERT_EQUAL_FATAL(glob("docs/*.md", 0, NULL, &pages), 0);
	links_of("README.md");
	for (size_t i = 0; i < pages.gl_pathc; i++)
		links_of(pages.gl_pathv[i]);
	globfree(&pages);
}

/* Is the number, of an event, in the text by itself: #12, and not in #123? */
static bool names_event(const char *text, const char *number, size_t len)
{
	for (const char *at = text; (at = strstr(at, "#")); at++)
		if (!strncmp(at, number, len) && !isdigit((unsigned char)at[len]))
			return true;
	return false;
}

/* docs/report.md explains its sample: each event that the prose names is one of that sample's. */
static void report_numbers(void)
{
	FILE *page = fopen("docs/report.md", "r");
	char text[32768], *sample, *prose, *end;
	unsigned int nr = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(page);
	text[fread(text, 1, sizeof(text) - 1, page)] = 0;
	fclose(page);
	sample = strstr(text, "```console\n");
	prose = sample ? strstr(sample, "\n```\n") : NULL;
	end = prose ? strstr(prose, "\nA trace gives") : NULL;
	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	*prose++ = 0;
	*end = 0;
	while ((prose = strchr(prose, '#'))) {
		size_t len = 1 + strspn(prose + 1, "0123456789");

		EXPECT(names_event(sample, prose, len),
		       "docs/report.md: the prose says %.*s, and the sample has none", (int)len,
		       prose);
		prose += len;
		nr++;
	}
	EXPECT(nr > 15, "docs/report.md: %u numbers", nr);
}

SUITE(unit_readme, false, { "the numbers of docs/report.md", report_numbers },
      { "rows of a run", rows }, { "targets", targets }, { "words", words },
      { "scenarios", scenarios }, { "links", links });
