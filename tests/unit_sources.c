/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of source by number: tables, what a name may be, and events that name them in traces. */
#include <stdlib.h>
#include <string.h>

#include "events/events.h"
#include "events/sources.h"
#include "tracetext.h"
#include "unit_util.h"

static void valid(void)
{
	static const struct {
		struct pvtlb_source source;
		bool valid;
	} cases[] = {
		{ { "guest/mm/tlb.c", 1 }, true }, { { "a", UINT32_MAX }, true },
		{ { "A-z_0.9+/", 7 }, true },	   { { "", 1 }, false },
		{ { "a.c", 0 }, false },	   { { "a b", 1 }, false },
		{ { "a:b", 1 }, false },	   { { "a\033b", 1 }, false },
		{ { "a\xc3", 1 }, false },	   { { "a@", 1 }, false },
	};
	struct pvtlb_source longest = { .line = 1 };

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(source_valid(&cases[i].source) == cases[i].valid, "%s:%u",
		       cases[i].source.file, cases[i].source.line);
	memset(longest.file, 'a', sizeof(longest.file));
	CU_ASSERT_FALSE(source_valid(&longest)); /* not terminated */
	longest.file[sizeof(longest.file) - 1] = 0;
	CU_ASSERT_TRUE(source_valid(&longest));
}

/* The image's come first, as they are; what is added has a number behind them, once. */
static void numbers(void)
{
	static const struct pvtlb_source image[] = { { "a.c", 1 }, { "a.c", 1 }, { "b.c", 2 } };
	char text[SOURCE_TEXT_MAX];
	struct sources s;

	sources_init(&s, image, NR_OF(image));
	CU_ASSERT_EQUAL(sources_number(&s, "c.c", 3, 9), 4);
	CU_ASSERT_EQUAL(sources_number(&s, "c.c", 3, 10), 5);
	CU_ASSERT_EQUAL(sources_number(&s, "c.cpp", 3, 9), 4);
	CU_ASSERT_EQUAL(sources_number(&s, "c.cpp", 5, 9), 6);
	CU_ASSERT_EQUAL(sources_number(&s, "c c", 3, 9), 0);
	CU_ASSERT_EQUAL(sources_number(&s, "c.c", 3, 0), 0);
	CU_ASSERT_EQUAL(sources_number(&s, "", 0, 1), 0);
	CU_ASSERT_EQUAL(sources_number(&s, "c.c", SIZE_MAX, 1), 0);
	CU_ASSERT_EQUAL(s.nr, 6);
	CU_ASSERT_STRING_EQUAL(source_text(&s, 2, text), "a.c:1");
	CU_ASSERT_STRING_EQUAL(source_text(&s, 5, text), "c.c:10");
	CU_ASSERT_STRING_EQUAL(source_text(&s, 0, text), "");
	CU_ASSERT_STRING_EQUAL(source_text(&s, 7, text), "");
	CU_ASSERT_STRING_EQUAL(source_text(&s, UINT32_MAX, text), "");
	CU_ASSERT_STRING_EQUAL(source_text(NULL, 1, text), "");
	sources_free(&s);
}

static void bounded(void)
{
	struct sources s = { 0 };

	for (uint32_t line = 1; line <= SOURCES_MAX; line++)
		EXPECT(sources_number(&s, "a.c", 3, line) == line, "line %u", line);
	CU_ASSERT_EQUAL(sources_number(&s, "a.c", 3, SOURCES_MAX + 1), 0);
	CU_ASSERT_EQUAL(sources_number(&s, "a.c", 3, SOURCES_MAX), SOURCES_MAX);
	CU_ASSERT_EQUAL(s.nr, SOURCES_MAX);
	sources_free(&s);
}

/* The VMM's own events name the line that appends them; before there is a table as well. */
static void appended(void)
{
	static const struct pvtlb_source image[] = { { "a.c", 1 } };
	uint64_t sequence = 0;

	for (unsigned int nr = 0; nr < 2; nr++) {
		char text[SOURCE_TEXT_MAX], want[SOURCE_TEXT_MAX];
		struct event_log log;

		event_log_init(&log, 1);
		event_log_sources(&log, image, nr);
		event_log_number(&log, &sequence);
		for (unsigned int i = 0; i < 2; i++)
			event_log_append(&log, 0, SERVED, .end = i);
		snprintf(want, sizeof(want), "%s:%d", __FILE__, __LINE__ - 1);
		CU_ASSERT_EQUAL_FATAL(log.nr, 2);
		for (unsigned int i = 0; i < 2; i++) {
			CU_ASSERT_EQUAL(log.event[i].source, nr + 1);
			source_text(event_log_stream(&log).sources, log.event[i].source, text);
			CU_ASSERT_STRING_EQUAL(text, want);
		}
		event_log_free(&log);
	}
}

/* --- in traces --- */

#define EVENT "#4 CPU 0 lazy mm=1"
#define LONG  "0123456789012345678901234567890123456789012345678901234567890"

static void refused(void)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{ EVENT " ",
		  "expected ' @ ' and a line of source, or the end of the line, found ' '" },
		{ EVENT " @", "or the end of the line, found ' @'" },
		{ EVENT " @ ", "expected ' @ ' and a line of source, as guest/mm/gup.c:37, found" },
		{ EVENT " @ a.c", "as guest/mm/gup.c:37, found ' @ a.c'" },
		{ EVENT " @ a.c:", "as guest/mm/gup.c:37" },
		{ EVENT " @ :1", "as guest/mm/gup.c:37" },
		{ EVENT " @ a.c:0", "as guest/mm/gup.c:37" },
		{ EVENT " @ a.c:01", "as guest/mm/gup.c:37" },
		{ EVENT " @ a.c:x", "as guest/mm/gup.c:37" },
		{ EVENT " @ a.c:4294967296", "as guest/mm/gup.c:37" },
		{ EVENT " @ a b:1", "as guest/mm/gup.c:37" },
		{ EVENT " @ a:b:1", "as guest/mm/gup.c:37" },
		{ EVENT " @ a(b:1", "as guest/mm/gup.c:37" },
		{ EVENT " @ " LONG ":1", "as guest/mm/gup.c:37" },
		{ EVENT "  @ a.c:1", "or the end of the line, found '  @ a.c:1'" },
		{ EVENT " @  a.c:1", "as guest/mm/gup.c:37" },
		{ EVENT " @ a.c:1 ", "expected the end of the line, found ' '" },
		{ EVENT " @ a.c:1 @ b.c:2", "expected the end of the line, found ' @ b.c:2'" },
		{ EVENT "@ a.c:1", "or the end of the line, found '@ a.c:1'" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char *text = trace_with_line(5, cases[i].line);
		struct trace_run run;
		struct error err;

		EXPECT(trace_read_first(text, strlen(text), &run, &err) == -1 &&
			       !strncmp(err.text, "t:5: ", 5) && strstr(err.text, cases[i].says),
		       "'%s': %s", cases[i].line, err.text);
		free(text);
	}
}

/* So many lines of source, and one event more that names the last one again, or another one. */
static int read_many(uint32_t last, struct error *err)
{
	char *text = NULL;
	struct trace_run run;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	int got;

	fprintf(to, "%s\n", trace_good[0]);
	for (uint32_t i = 1; i <= SOURCES_MAX; i++)
		fprintf(to, "#%u CPU 0 lazy mm=1 @ a.c:%u\n", i, i);
	fprintf(to, "#%u CPU 0 lazy mm=1 @ a.c:%u\n", SOURCES_MAX + 1, last);
	fclose(to);
	got = trace_read_first(text, len, &run, err);
	if (got > 0) {
		CU_ASSERT_EQUAL(run.nr, SOURCES_MAX + 1);
		CU_ASSERT_EQUAL(run.event[SOURCES_MAX].source, last);
		trace_run_free(&run);
	}
	free(text);
	return got;
}

static void too_many(void)
{
	struct error err;

	CU_ASSERT_EQUAL(read_many(7, &err), 1);
	CU_ASSERT_EQUAL(read_many(SOURCES_MAX + 1, &err), -1);
	EXPECT(strstr(err.text, "t:1026: expected one of the 1024 lines of source before it"), "%s",
	       err.text);
}

/* With and without: what is read is written again as it was. */
static void read_and_written(void)
{
	char *text = trace_with_line(5, "#4 CPU 0 lazy mm=1 @ guest/mm/tlb.c:145"), *again;
	size_t len = strlen(text), again_len;
	char source[SOURCE_TEXT_MAX];
	struct trace_run run;
	struct error err;

	CU_ASSERT_EQUAL_FATAL(trace_read_first(text, len, &run, &err), 1);
	CU_ASSERT_STRING_EQUAL(source_text(trace_stream(&run).sources, run.event[3].source, source),
			       "guest/mm/tlb.c:145");
	CU_ASSERT_EQUAL(run.event[4].source, 0);
	again = trace_text(&run, &again_len);
	CU_ASSERT_STRING_EQUAL(text, again);
	trace_run_free(&run);
	free(again);
	free(text);
}

SUITE(unit_sources, false, { "what a name may be", valid }, { "numbers", numbers },
      { "no more than there is room for", bounded }, { "the VMM's own", appended },
      { "lines that are none", refused }, { "too many of them", too_many },
      { "read and written", read_and_written });
