/* SPDX-License-Identifier: GPL-2.0-only */
/* Stories of runs: told of each trace by hand, in lines that fit; sentences for all events. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "show/sentence.h"
#include "show/story.h"
#include "unit_util.h"

static char *story_from(FILE *from, const char *path)
{
	FILE *to;
	struct trace_reader reader;
	struct error err = { 0 };
	struct trace_run run;
	struct shown shown;
	char *text = NULL;
	size_t len;

	to = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	trace_reader_init(&reader, from, path, &err);
	CU_ASSERT_EQUAL_FATAL(trace_read(&reader, &run), 1);
	shown_make(&shown, &run);
	story_print(to, &shown);
	trace_run_free(&run);
	fclose(from);
	fclose(to);
	return text;
}

static char *story_of(const char *path)
{
	return story_from(fopen(path, "r"), path);
}

/* A story that is wrong says what; one that is not does not; none has a line that is too long. */
static void test_stories(void)
{
	glob_t found;

	CU_ASSERT_EQUAL_FATAL(glob("tests/traces/*.trace", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		bool bad = strstr(path, "/bad-");
		char *text = story_of(path);

		EXPECT(bad == !!strstr(text, "  wrong: "), "%s: %s", path, text);
		EXPECT(bad == !strstr(text, "  held: "), "%s: %s", path, text);
		for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
			EXPECT(strcspn(line, "\n") <= WRAP_WIDTH, "%s: %.*s", path,
			       (int)strcspn(line, "\n"), line);
		free(text);
	}
	globfree(&found);
}

static void test_morals(void)
{
	static const struct {
		const char *path, *says, *not;
	} cases[] = {
		{ "tests/traces/bad-use-after-deposit.trace", "instead:", NULL },
		{ "tests/traces/bad-use-after-free.trace", "harm:", NULL },
		{ "tests/traces/bad-missed-flush.trace", "may go on to use", "you forced" },
		{ "tests/traces/bad-stale.trace", "which mm 1 no longer has",
		  "you forced" },
		{ "tests/traces/good-missed-flush.trace", "held:", "harm:" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = story_of(cases[i].path);

		EXPECT(strstr(text, cases[i].says), "%s: no '%s' in: %s", cases[i].path,
		       cases[i].says, text);
		EXPECT(!cases[i].not || !strstr(text, cases[i].not), "%s: '%s' in: %s",
		       cases[i].path, cases[i].not, text);
		free(text);
	}
}

/* The same trace with another event in the place of SERVED: a hypervisor that says nothing. */
static FILE *unsaid(const char *path, char *text, size_t len)
{
	FILE *from = fopen(path, "r"), *to = fmemopen(text, len, "w");
	char line[512], *at;

	CU_ASSERT_FATAL(from && to);
	while (fgets(line, sizeof(line), from)) {
		at = strstr(line, " served ");
		if (at)
			strcpy(at, " invlpg addr=0x1000\n");
		fputs(line, to);
	}
	fclose(from);
	fclose(to);
	return fmemopen(text, strlen(text), "r");
}

/* Where nobody says what a flush's hypercall did, that it came back is told. */
static void test_hypercalls(void)
{
	const char *path = "tests/traces/good-served-short.trace";
	char text[8192] = "", *story = story_of(path);

	EXPECT(strstr(story, "has its flush done") && !strstr(story, "returns from hypercall"),
	       "%s", story);
	free(story);
	story = story_from(unsaid(path, text, sizeof(text)), path);
	EXPECT(strstr(story, "CPU 0 returns from hypercall 0x1\n"), "%s", story);
	free(story);
	story = story_of("tests/traces/bad-served-short.trace");
	EXPECT(strstr(story, "\n  served:   at #14, but not on CPU 1, which was to be flushed"), "%s",
	       story);
	free(story);
}

/* Each has a template, which names no argument that the event has not got. */
static void test_sentences(void)
{
	char text[SENTENCE_MAX];

	for (unsigned int id = 1; id < PVTLB_EV_NR; id++)
		for (uint64_t word = 0; word < 3; word++) {
			struct pvtlb_event e = { .seq = 1, .id = id, .cpu = 3 };

			for (unsigned int i = 0; i < event_words(id); i++)
				e.arg[i] = word;
			event_sentence(&e, text, sizeof(text));
			EXPECT(!strncmp(text, "CPU 3 ", 6), "%s", text);
			EXPECT(!strstr(text, "not known") && !strchr(text, '{') &&
				       !strstr(text, " ?"),
			       "%s: %s", event_names[id], text);
		}
	event_sentence(&(struct pvtlb_event){ .id = PVTLB_EV_NR, .cpu = 1 }, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "not known"));
}

static void test_wrap(void)
{
	static const struct {
		const char *head, *text, *lines;
	} cases[] = {
		{ "a: ", "b c", "a: b c\n" },
		{ "a: ", "", "a: \n" },
		{ "  ",
		  "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 x",
		  "  1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 x\n" },
		{ "  ",
		  "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 xy",
		  "  1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\n"
		  "  xy\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = NULL;
		size_t len;
		FILE *to = open_memstream(&text, &len);

		CU_ASSERT_PTR_NOT_NULL_FATAL(to);
		wrap_print(to, cases[i].head, cases[i].text);
		fclose(to);
		CU_ASSERT_STRING_EQUAL(text, cases[i].lines);
		free(text);
	}
}

SUITE(unit_show, false, { "what a hypercall did", test_hypercalls },
      { "stories", test_stories }, { "morals", test_morals },
      { "sentences", test_sentences }, { "wrapped text", test_wrap });
