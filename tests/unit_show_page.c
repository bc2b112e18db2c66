/* SPDX-License-Identifier: GPL-2.0-only */
/* The page that shows a run: what it is told, and that nothing in a trace gets out of its data. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "show/html.h"
#include "show/lanes.h"
#include "show/story.h"
#include "stream.h"
#include "unit_util.h"

/* Two CPUs: 1 walks, is held and interrupted, while 0 takes the table out and flushes. */
static const struct pvtlb_event course[] = {
	PVTLB_EVENT(0, TRIAL, 0, 0),
	PVTLB_EVENT(0, TABLE_ALLOC, 0x5000, 1),
	PVTLB_EVENT(0, TABLE_HOOK, 1, 0, 0x5000, 1, 21),
	PVTLB_EVENT(1, WALK_BEGIN, 1, 0, PVTLB_WALK_GUP, 1),
	PVTLB_EVENT(1, HELD, 4, 0),
	PVTLB_EVENT(0, TABLE_UNHOOK, 1, 0, 0x5000, 1, 21),
	PVTLB_EVENT(0, FLUSH_BEGIN, 1, 0, 4096, 2, 1, 12),
	PVTLB_EVENT(0, IPI_SEND, 1, 0xfc),
	PVTLB_EVENT(1, RESUMED, 8),
	PVTLB_EVENT(1, WALK_LOAD, 0x5000, 1, 21, 0x7067, 9),
	PVTLB_EVENT(1, WALK_END, 1, 0),
	PVTLB_EVENT(1, IRQ_ENTRY, 0xfc),
	PVTLB_EVENT(1, IRQ_EXIT, 0xfc),
	PVTLB_EVENT(0, FLUSH_END, 1, 2),
	PVTLB_EVENT(0, TABLE_FREE, 0x5000, 1, 0),
	PVTLB_EVENT(0, IPI_SEND, 1, 0xfd), /* nobody takes it */
};
#define NR (sizeof(course) / sizeof(course[0]))

static struct trace_run run;
static struct shown shown;
static struct pvtlb_event numbered[NR];

static void show_course(void)
{
	for (size_t i = 0; i < NR; i++) {
		numbered[i] = course[i];
		numbered[i].seq = i + 1;
	}
	run = (struct trace_run){ .config.cpus = 2 };
	shown = (struct shown){ .run = &run, .stream = { .event = numbered, .nr = NR } };
}

static void test_lanes(void)
{
	static const struct {
		unsigned int cpu;
		enum span_kind kind;
		size_t from, to;
	} spans[] = {
		{ 1, SPAN_WALK, 3, 10 },
		{ 1, SPAN_HELD, 4, 8 },
		{ 0, SPAN_FLUSH, 6, 13 },
		{ 1, SPAN_IRQ, 11, 12 },
	};
	static const enum bar_state states[] = { BAR_NEW, BAR_OWNED, BAR_UNHOOKED, BAR_FREE };
	struct lanes l;

	show_course();
	lanes_make(&l, &shown, 0, NR);
	CU_ASSERT_EQUAL_FATAL(l.nr_spans, sizeof(spans) / sizeof(spans[0]));
	for (size_t i = 0; i < l.nr_spans; i++) {
		CU_ASSERT_EQUAL(l.span[i].cpu, spans[i].cpu);
		CU_ASSERT_EQUAL(l.span[i].kind, spans[i].kind);
		CU_ASSERT_EQUAL(l.span[i].from, spans[i].from);
		CU_ASSERT_EQUAL(l.span[i].to, spans[i].to);
	}
	CU_ASSERT_TRUE(l.span[0].irqs_off);
	/* The one that was taken, and not the other. */
	CU_ASSERT_EQUAL_FATAL(l.nr_arrows, 1);
	CU_ASSERT_EQUAL(l.arrow[0].from, 7);
	CU_ASSERT_EQUAL(l.arrow[0].to, 11);
	CU_ASSERT_EQUAL(l.arrow[0].kind, ARROW_IPI);
	CU_ASSERT_EQUAL_FATAL(l.bars.nr, 1);
	CU_ASSERT_EQUAL_FATAL(l.bars.bar[0].nr_parts, 4);
	for (size_t i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(l.bars.bar[0].part[i].state, states[i]);
	CU_ASSERT_EQUAL(l.bars.bar[0].nr_dots, 1);
	CU_ASSERT_FALSE(l.bars.bar[0].dot[0].bad);
	lanes_free(&l);
	/* Cut off before the walk's end: it lasts to the last event. */
	lanes_make(&l, &shown, 0, 9);
	CU_ASSERT_EQUAL(l.span[0].to, 8);
	CU_ASSERT_EQUAL(l.nr_arrows, 0);
	lanes_free(&l);
}

/* A page has an mm from where that maps it; a page that is not mapped, or another, has none. */
static void test_owners(void)
{
	static const struct pvtlb_event events[] = {
		PVTLB_EVENT(0, PAGE_ALLOC, 0x7000, 12),
		PVTLB_EVENT(0, PTE_SET, 3, 0, 0, 0x8067, 12),
		PVTLB_EVENT(0, PTE_SET, 3, 0, 0, 0x7066, 12),
		PVTLB_EVENT(0, PTE_SET, 3, 0, 0, 0x7067, 12),
		PVTLB_EVENT(0, PTE_SET, 4, 0, 0, 0x7067, 12),
		PVTLB_EVENT(0, PAGE_FREE, 0x7000, 12),
	};
	static const struct bar_part want[] = { { 0, 3, BAR_OWNED, 0 },
						{ 3, 5, BAR_OWNED, 3 },
						{ 5, 9, BAR_FREE, 0 } };
	struct bars b = { .last = 9 };

	for (size_t i = 0; i < 6; i++)
		bars_event(&b, &events[i], i, NULL);
	CU_ASSERT_FATAL(b.nr == 1 && b.bar[0].nr_parts == 3);
	for (size_t i = 0; i < 3; i++) {
		const struct bar_part *p = &b.bar[0].part[i];

		EXPECT(p->from == want[i].from && p->to == want[i].to && p->state == want[i].state &&
			       p->mm == want[i].mm,
		       "part %zu: %zu to %zu, %d, mm %llu", i, p->from, p->to, p->state,
		       (unsigned long long)p->mm);
	}
	bars_free(&b);
}

/* An IPI that only wakes is of another kind, its arrow and what it comes to; between two others. */
static void test_wakes(void)
{
	static const struct pvtlb_event events[] = {
		PVTLB_EVENT(0, IPI_SEND, 1, PVTLB_WAKE_VECTOR),
		PVTLB_EVENT(0, IPI_SEND, 1, 0xfc),
		PVTLB_EVENT(1, IRQ_ENTRY, PVTLB_WAKE_VECTOR),
		PVTLB_EVENT(1, IRQ_EXIT, PVTLB_WAKE_VECTOR),
		PVTLB_EVENT(1, IRQ_ENTRY, 0xfc),
		PVTLB_EVENT(1, IRQ_EXIT, 0xfc),
	};
	static struct pvtlb_event numbered_events[6];
	struct lanes l;

	run = (struct trace_run){ .config.cpus = 2 };
	for (size_t i = 0; i < 6; i++) {
		numbered_events[i] = events[i];
		numbered_events[i].seq = i + 1;
	}
	shown = (struct shown){ .run = &run, .stream = { .event = numbered_events, .nr = 6 } };
	lanes_make(&l, &shown, 0, 6);
	CU_ASSERT_EQUAL_FATAL(l.nr_arrows, 2);
	CU_ASSERT_EQUAL(l.arrow[0].kind, ARROW_WAKE);
	CU_ASSERT_EQUAL(l.arrow[0].to, 2);
	CU_ASSERT_EQUAL(l.arrow[1].kind, ARROW_IPI);
	CU_ASSERT_EQUAL(l.arrow[1].to, 4);
	CU_ASSERT_EQUAL_FATAL(l.nr_spans, 2);
	CU_ASSERT_EQUAL(l.span[0].kind, SPAN_WAKE);
	CU_ASSERT_EQUAL(l.span[0].to, 3);
	CU_ASSERT_EQUAL(l.span[1].kind, SPAN_IRQ);
	CU_ASSERT_EQUAL(l.span[1].from, 4);
	lanes_free(&l);
}

/* The page, and its data, of the first run in the file; to be freed, and put. */
static char *page_of(const char *path, const char *scenario, json_t **data)
{
	FILE *from = fopen(path, "r"), *to;
	struct trace_reader reader;
	struct error err = { 0 };
	struct trace_run read;
	char *text = NULL;
	size_t len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	trace_reader_init(&reader, from, path, &err);
	CU_ASSERT_EQUAL_FATAL(trace_read(&reader, &read), 1);
	if (scenario)
		read.config.scenario = scenario;
	shown_make(&shown, &read);
	*data = show_data(&shown, false);
	to = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	CU_ASSERT_EQUAL(html_print(to, data, 1), 0);
	fclose(to);
	trace_run_free(&read);
	fclose(from);
	return text;
}

/* Loads that were wrong, of all tables. */
static unsigned int bad_dots(const json_t *data)
{
	const json_t *bar, *dot;
	unsigned int bad = 0;
	size_t i, j;

	json_array_foreach(json_object_get(data, "bars"), i, bar)
		json_array_foreach(json_object_get(bar, "dots"), j, dot)
			bad += json_is_true(json_array_get(dot, 1));
	return bad;
}

static char *story_text(const char *path)
{
	FILE *from = fopen(path, "r"), *to;
	struct trace_reader reader;
	struct error err = { 0 };
	struct trace_run read;
	char *text = NULL;
	size_t len;

	to = open_memstream(&text, &len);
	CU_ASSERT_FATAL(from && to);
	trace_reader_init(&reader, from, path, &err);
	CU_ASSERT_EQUAL_FATAL(trace_read(&reader, &read), 1);
	shown_make(&shown, &read);
	story_print(to, &shown);
	trace_run_free(&read);
	fclose(from);
	fclose(to);
	return text;
}

/* A page opens on the story's first step, if nothing is wrong: it is an event of the page. */
static void expect_start(const json_t *data, const char *path)
{
	long long at = json_integer_value(json_object_get(data, "start"));
	const json_t *event = json_array_get(json_object_get(data, "events"), at);
	char *story = story_text(path), first[32];

	EXPECT(event, "%s: start %lld", path, at);
	snprintf(first, sizeof(first), "\n\n  #%-6lld ",
		 (long long)json_integer_value(json_array_get(event, 0)));
	EXPECT(strstr(story, first), "%s: no '%s' in %s", path, first, story);
	free(story);
}

static void test_page(void)
{
	static const struct {
		const char *path;
		bool bad;
	} cases[] = {
		{ "tests/traces/bad-use-after-deposit.trace", true },
		{ "tests/traces/bad-use-after-free.trace", true },
		{ "tests/traces/good-use-after-free.trace", false },
		{ "tests/traces/good-missed-flush.trace", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *data;
		char *text = page_of(cases[i].path, NULL, &data);

		EXPECT(bad_dots(data) == cases[i].bad, "%s: %u", cases[i].path, bad_dots(data));
		CU_ASSERT_EQUAL(json_integer_value(json_object_get(data, "bad")) >= 0,
				cases[i].bad);
		expect_start(data, cases[i].path);
		CU_ASSERT_PTR_NULL(strstr(text, "http://www.w3.org/2000/svg\" "));
		CU_ASSERT_PTR_NULL(strstr(text, "src="));
		CU_ASSERT_PTR_NULL(strstr(text, "href="));
		json_decref(data);
		free(text);
	}
}

/* Sets in which something is out of date. */
static unsigned int old_sets(const json_t *data)
{
	const json_t *set;
	unsigned int old = 0;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(data, "cached"), "sets"), i, set)
		old += json_array_size(json_array_get(set, 3)) > 0;
	return old;
}

/* By the last event of a flush that all have taken part in, nobody has what it removed. */
static bool last_sets_old(const json_t *data, unsigned int cpu)
{
	const json_t *set;
	bool old = false;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(data, "cached"), "sets"), i, set)
		if (json_integer_value(json_array_get(set, 1)) == cpu)
			old = json_array_size(json_array_get(set, 3)) > 0;
	return old;
}

static void test_cached(void)
{
	json_t *data;
	char *text = page_of("tests/traces/bad-missed-flush.trace", NULL, &data);

	CU_ASSERT(old_sets(data) > 0);
	CU_ASSERT(last_sets_old(data, 1));
	json_decref(data);
	free(text);
	text = page_of("tests/traces/good-missed-flush.trace", NULL, &data);
	CU_ASSERT(old_sets(data) > 0);
	CU_ASSERT_FALSE(last_sets_old(data, 1));
	json_decref(data);
	free(text);
}

/* Where the data ends, whatever is in it, the script element does, and only there. */
static void test_hostile(void)
{
	static const char *const names[] = { "</script><script>alert(1)</script>", "<!--<script>",
					     "\"]}//" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *data, *again;
		char *text = page_of("tests/traces/bad-use-after-free.trace", names[i], &data);
		char *from = strstr(text, "type=\"application/json\">"), *end;

		CU_ASSERT_PTR_NOT_NULL_FATAL(from);
		from += strlen("type=\"application/json\">");
		end = strchr(from, '<');
		CU_ASSERT_PTR_NOT_NULL_FATAL(end);
		CU_ASSERT_EQUAL(strncmp(end, "</script>\n<script>\n", 19), 0);
		again = json_loadb(from, end - from, 0, NULL);
		CU_ASSERT_PTR_NOT_NULL(again);
		CU_ASSERT_PTR_NOT_NULL(strstr(json_string_value(json_object_get(
						      json_array_get(again, 0), "title")),
					      names[i]));
		json_decref(again);
		json_decref(data);
		free(text);
	}
}

SUITE(unit_show_page, false, { "whose a page is", test_owners },
      { "lanes", test_lanes }, { "wakes", test_wakes },
      { "data", test_page },
      { "what is cached", test_cached }, { "hostile names", test_hostile });
