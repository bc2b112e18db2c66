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

/* Something of the kind that cannot be; NULL: all that can be written can be. */
static const char *nonsense(enum pvtlb_kind kind)
{
	switch (kind) {
	case PVTLB_KIND_SEQ:
		return "#9999";
	case PVTLB_KIND_CPU:
		return "254";
	case PVTLB_KIND_CPUS:
		return "0-255";
	case PVTLB_KIND_SHIFT:
		return "2^255 B";
	case PVTLB_KIND_GVA:
	case PVTLB_KIND_END:
		return "0x800000000001";
	case PVTLB_KIND_GPA:
	case PVTLB_KIND_TABLE:
	case PVTLB_KIND_SPACE:
		return "0x10000000000000";
	case PVTLB_KIND_COUNT:
	case PVTLB_KIND_MM:
	case PVTLB_KIND_PTE:
	case PVTLB_KIND_HEX:
	case PVTLB_KIND_STATUS:
		return NULL;
	default:
		return "99";
	}
}

/* Of an argument that stands at that place in its line: where its value ends. */
static const char *value_end(const char *value, enum pvtlb_kind kind)
{
	const char *end = value + strcspn(value, " \n");

	/* A size has a blank in it. */
	return kind == PVTLB_KIND_SHIFT ? end + 1 + strcspn(end + 1, " \n") : end;
}

/* The text with something else from value to end. Returns whether it was refused. */
static bool refused_with(const char *text, const char *value, const char *end, const char *other)
{
	struct error err = { 0 };
	char *changed, *out = NULL;
	FILE *from, *to;
	size_t len;

	CU_ASSERT_FATAL(asprintf(&changed, "%.*s%s%s", (int)(value - text), text, other, end) > 0);
	from = fmemopen(changed, strlen(changed), "r");
	to = open_memstream(&out, &len);
	CU_ASSERT_FATAL(from && to);
	check_file(from, "t", to, &err);
	fclose(from);
	fclose(to);
	free(out);
	free(changed);
	return err.status && strstr(err.text, other);
}

/* Each argument of the event in that line, one after the other. Returns how many. */
static unsigned int spoil_line(const char *path, const char *text, const char *line)
{
	char name[32], word[48];
	unsigned int id, nr = 0;

	if (sscanf(line, "#%*u CPU %*u %31s", name) != 1)
		return 0;
	for (id = PVTLB_EV_NONE + 1; id < PVTLB_EV_NR && strcmp(event_names[id], name); id++)
		;
	if (id == PVTLB_EV_NR || id == PVTLB_EV_ASK || id == PVTLB_EV_ASK_RANGE || event_is_ours(id))
		return 0;
	for (const struct event_arg *arg = event_args[id]; arg->name; arg++) {
		const char *other = nonsense(arg->kind), *at;

		snprintf(word, sizeof(word), " %s=", event_arg_label(arg));
		at = strstr(line, word);
		if (!other || !EXPECT(at, "%s: no%s", path, word))
			continue;
		at += strlen(word);
		EXPECT(refused_with(text, at, value_end(at, arg->kind), other), "%s: %.*s: %s%s",
		       path, (int)strcspn(line, "\n"), line, word, other);
		nr++;
	}
	return nr;
}

/* A violation cannot be hidden behind a value that is none. */
static void spoilt(void)
{
	unsigned int nr = 0;
	glob_t files;

	CU_ASSERT_FATAL(!glob(TRACES "bad-*.trace", 0, NULL, &files));
	for (size_t i = 0; i < files.gl_pathc; i++) {
		char *text = whole_file(files.gl_pathv[i]);

		for (const char *line = text; line; line = strchr(line, '\n')) {
			line += *line == '\n';
			nr += spoil_line(files.gl_pathv[i], text, line);
		}
		free(text);
	}
	globfree(&files);
	EXPECT(nr > 100, "%u only", nr);
}

SUITE(unit_traces, false, { "as expected", as_before }, { "one pair for each kind", each_kind },
      { "values that are none", spoilt });
