/* SPDX-License-Identifier: GPL-2.0-only */
/* Every fuzz target, without a fuzzer: its corpus, and changes of it that are always the same. */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "lab.h"
#include "unit_util.h"

/* As many as take a second or two; an image is large. */
static unsigned int changes_of(const char *name)
{
	return !strcmp(name, "image") ? 1000 : !strcmp(name, "trace") ? 600 : 6000;
}

static void expect_quiet(const char *name)
{
	char command[512], said[4096];
	unsigned int inputs = 0;
	FILE *from;
	size_t n;

	snprintf(command, sizeof(command),
		 "PVTLB_FUZZ_IMAGE=%.100s timeout 300 %.100s/tests/fuzz/%s %u tests/fuzz/corpus/%s "
		 "%s 2>&1",
		 test_image_pv, test_build, name, changes_of(name) * (test_full ? 4 : 1), name,
		 strcmp(name, "trace") ? "" : "tests/traces");
	from = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	n = fread(said, 1, sizeof(said) - 1, from);
	said[n] = 0;
	EXPECT(!pclose(from) && sscanf(said, "%u inputs", &inputs) == 1 &&
		       inputs > changes_of(name),
	       "%s: %s", name, said);
	test_say("%s: %u inputs", name, inputs);
}

static void test_all(void)
{
	glob_t found;

	CU_ASSERT_EQUAL_FATAL(glob("tests/fuzz/*.c", 0, NULL, &found), 0);
	CU_ASSERT_TRUE(found.gl_pathc >= 11);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)strlen(found.gl_pathv[i]) - 13,
			 found.gl_pathv[i] + 11);
		expect_quiet(name);
	}
	globfree(&found);
}

SUITE(fuzzed, false, { "all targets", test_all });
