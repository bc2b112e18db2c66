/* SPDX-License-Identifier: GPL-2.0-only */
/* Traces by hand, tests/traces/: a bad one and a near miss for each kind of violation. */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "judge/check.h"
#include "unit_util.h"

#define TRACES	 "tests/traces/" /* from where make runs the tests */
#define EXPECTED ".expected"
#define REWRITE	 "make update-expected writes it anew"

/* The whole file, to be freed; NULL: there is none. */
static char *whole_file(const char *path)
{
	FILE *from = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	if (!from)
		return NULL;
	if (getdelim(&text, &room, 0, from) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(from);
	return text;
}

/* What `pvtlb check` prints of it, to be freed, and its exit status. */
static char *checked(const char *path, int *status)
{
	FILE *from = fopen(path, "r"), *to;
	struct error err = { 0 };
	char *text = NULL;
	size_t len;

	to = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	*status = check_file(from, path, to, &err);
	fclose(to);
	if (from)
		fclose(from);
	EXPECT(!err.status, "%s", err.text);
	return text;
}

/* How long the first line in which they differ is, and where it begins. */
static size_t first_difference(const char *a, const char *b, size_t *line)
{
	*line = 0;
	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n')
			*line = i + 1;
	return strcspn(a + *line, "\n");
}

static void expect_as_before(const char *path)
{
	char expected_path[4096], *is, *want;
	size_t line, len;
	int status;

	snprintf(expected_path, sizeof(expected_path), "%.*s%s",
		 (int)(strlen(path) - strlen(".trace")), path, EXPECTED);
	is = checked(path, &status);
	want = whole_file(expected_path);
	if (EXPECT(want, "%s: %s; %s", expected_path, strerror(errno), REWRITE)) {
		len = first_difference(is, want, &line);
		EXPECT(!strcmp(is, want), "%s: now '%.*s'; if that is right, %s", expected_path,
		       (int)(len > 200 ? 200 : len), is + line, REWRITE);
	}
	EXPECT(status == (strncmp(path, TRACES "bad-", strlen(TRACES "bad-")) ? STATUS_OK
									      : STATUS_FAIL),
	       "%s: exit %d", path, status);
	free(is);
	free(want);
}

/* Each file is judged as it was when somebody last looked at what is expected. */
static void as_before(void)
{
	glob_t files;

	CU_ASSERT_FATAL(!glob(TRACES "*.trace", 0, NULL, &files));
	for (size_t i = 0; i < files.gl_pathc; i++)
		expect_as_before(files.gl_pathv[i]);
	globfree(&files);
}

/* A trace of this name: does its report begin with the kind? */
static bool reported(const char *which, const char *kind)
{
	char path[256], begin[64], *text;
	bool found;
	int status;

	snprintf(path, sizeof(path), TRACES "%s-%s.trace", which, kind);
	snprintf(begin, sizeof(begin), "\n%s: ", kind);
	text = checked(path, &status);
	found = strstr(text, begin);
	free(text);
	return found;
}

static void each_kind(void)
{
	for (unsigned int i = 0; i < VIOLATION_KINDS; i++) {
		EXPECT(reported("bad", violation_names[i]), "bad-%s", violation_names[i]);
		EXPECT(!reported("good", violation_names[i]), "good-%s", violation_names[i]);
	}
}

SUITE(unit_traces, false, { "as expected", as_before }, { "one pair for each kind", each_kind });
