/* SPDX-License-Identifier: GPL-2.0-only */
/* What the suites of the layers' check share. */
#include <stdlib.h>
#include <string.h>

#include "layers_expect.h"
#include "unit_util.h"

/* Check, and compare: so many lines, with that in the first. */
void layers_expect(struct layers *l, const char *what, unsigned int lines, const char *complaint)
{
	char *text = NULL, *nl;
	unsigned int got, seen = 0;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	got = layers_check(l, to);
	fclose(to);
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		seen++;
	EXPECT(got == lines && seen == lines, "%s: %u of %u: %.300s", what, got, lines, text);
	nl = strchr(text, '\n');
	if (nl)
		*nl = 0;
	EXPECT(!complaint || strstr(text, complaint), "%s: %s", what, text);
	free(text);
}

/* The directory that the objects of this build are in. */
void layers_build_dir(char *path, size_t size)
{
	snprintf(path, size, "%.*s", (int)(strrchr(test_command, '/') - test_command),
		 test_command);
}
