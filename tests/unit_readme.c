/* SPDX-License-Identifier: GPL-2.0-only */
/* What README.md shows of a run and of the Makefile, so far as it can be compared exactly. */
#include <stdlib.h>
#include <string.h>

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
	char *text = doc_tables("README.md", "pvtlb run"), name[64], before[64] = "";
	unsigned int nr = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const struct pvtlb_scenario *s;

		if (!row_name(line, name, sizeof(name)))
			continue;
		s = image_scenario(image, name);
		EXPECT(s && !(s->flags & PVTLB_SCENARIO_DIAGNOSTIC), "README.md: %s is none", name);
		EXPECT(strcmp(before, name) < 0, "README.md: %s stands behind %s; see: make readme",
		       name, before);
		strcpy(before, name);
		nr++;
	}
	CU_ASSERT_TRUE(nr > 20);
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		snprintf(name, sizeof(name), "\n%s ", image->scenario[i].name);
		if (!(image->scenario[i].flags & PVTLB_SCENARIO_DIAGNOSTIC) && !strstr(text, name))
			test_say("README.md has no %s; see: make readme", image->scenario[i].name);
	}
	free(text);
}

/* Each of the Makefile's targets that are no file is named. */
static void targets(void)
{
	FILE *make = fopen("Makefile", "r"), *readme = fopen("README.md", "r");
	char *line = NULL, *text = NULL, *save, want[64];
	size_t room = 0, all = 0;
	unsigned int nr = 0;

	CU_ASSERT_FATAL(make && readme && getdelim(&text, &all, 0, readme) > 0);
	while (getline(&line, &room, make) > 0) {
		if (strncmp(line, ".PHONY: ", 8))
			continue;
		for (char *word = strtok_r(line + 8, " \n", &save); word;
		     word = strtok_r(NULL, " \n", &save)) {
			snprintf(want, sizeof(want), "`%s`", word);
			EXPECT(strstr(text, want), "README.md: no target %s", want);
			nr++;
		}
	}
	CU_ASSERT_TRUE(nr > 10);
	fclose(make);
	fclose(readme);
	free(line);
	free(text);
}

SUITE(unit_readme, false, { "rows of a run", rows }, { "targets", targets });
