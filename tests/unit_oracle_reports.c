/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports of violations: what is listed, and of what the stream does not know. */
#include <stdlib.h>
#include <string.h>

#include "stream.h"

/* Judge, and the report of the first violation of delivered, to be freed. */
static char *report_under(const struct pvtlb_event *event, size_t nr, enum interrupts promise)
{
	struct pvtlb_event *copy = malloc(nr * sizeof(*copy));
	const struct event_stream stream = { .event = copy, .nr = nr };
	const struct violations *bad = &found.delivered.bad;
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	memcpy(copy, event, nr * sizeof(*copy));
	for (size_t i = 0; i < nr; i++)
		copy[i].seq = i + 1;
	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIMS, .promise = promise },
	       &found);
	if (bad->total)
		violation_report(to, &stream, &bad->v[0], NULL);
	fclose(to);
	free(copy);
	return text;
}

static char *report_of(const struct pvtlb_event *event, size_t nr)
{
	return report_under(event, nr, INTERRUPTS_ALL);
}

static bool has_none(const char *text, const char *what)
{
	return !strstr(text, what);
}

/* Events that have no part in it are left out, however few there are; the named ones are not. */
static void what_matters(void)
{
	struct pvtlb_event event[] = {
		BEGIN(0), MULTI(0, 2),
		EV(0, CPU_UP), /* of the flush's CPU, and nothing of a flush */
		EV(1, INVLPG, .addr = 0x1000), /* of the target: something of it was dropped */
		EV(2, INVLPG, .addr = 0x2000), /* of another CPU */
		EV(0, IPI_SEND, .cpu = 1, .vector = 0xfc), EV(0, IPI_SEND, .cpu = 2, .vector = 0xfc),
		EV(2, HYPERCALL, .nr = 5), /* of who does not flush */
		EV(0, HYPERCALL, .nr = 5), EV(2, FAULT), END(0),
		EV(1, INVLPG, .addr = 0x3000), /* when the flush is over */
	};
	static const char *const listed[] = { "#1 CPU 0 flush_begin", "#2 CPU 0 flush_multi",
					      "#4 CPU 1 invlpg",      "#6 CPU 0 ipi_send cpu=1",
					      "#9 CPU 0 hypercall",   "#10 CPU 2 fault",
					      "#11 CPU 0 flush_end" };
	static const char *const left_out[] = { "    #3 ", "    #5 ", "    #7 ", "    #8 ",
						"    #12 ", "more ..." };
	char *text = report_of(event, NR_OF(event));

	EXPECT(strstr(text, "  the events that matter, of #1 to #11:\n"), "%s", text);
	for (size_t i = 0; i < NR_OF(listed); i++)
		EXPECT(strstr(text, listed[i]), "no '%s' in: %s", listed[i], text);
	for (size_t i = 0; i < NR_OF(left_out); i++)
		EXPECT(has_none(text, left_out[i]), "'%s' in: %s", left_out[i], text);
	free(text);
}

/* Of too many that matter the first and the last ones are listed, with those that are named. */
static void long_list(void)
{
	static const char middle[] = "    #20 CPU 0 hypercall nr=0 status=0\n"
				     "    ... 63 more ...\n"
				     "    #84 CPU 0 hypercall nr=0 status=0\n";
	struct pvtlb_event event[103] = { BEGIN(0), MULTI(0, 2) };
	char *text;

	for (size_t i = 2; i < 102; i++)
		event[i] = (struct pvtlb_event)EV(0, HYPERCALL, .nr = 0);
	event[102] = (struct pvtlb_event)END(0);
	text = report_of(event, NR_OF(event));
	EXPECT(strstr(text, "of #1 to #103:\n    #1 CPU 0 flush_begin") && strstr(text, middle) &&
		       strstr(text, "    #103 CPU 0 flush_end"),
	       "%s", text);
	free(text);
	/* What a part names is listed where it is, and is no place to cut. */
	event[50] = (struct pvtlb_event)EV(1, HELD, .at = 3);
	event[60] = (struct pvtlb_event)EV(1, RESUMED, .by = 3);
	text = report_of(event, NR_OF(event));
	EXPECT(strstr(text, "    ... 30 more ...\n    #51 CPU 1 held at=#3 preempts=n\n"
			    "    ... 9 more ...\n    #61 CPU 1 resumed by=#3\n"
			    "    ... 22 more ...\n    #84 "),
	       "%s", text);
	free(text);
	/* As many as are listed whole. */
	event[39] = (struct pvtlb_event)END(0);
	text = report_of(event, 40);
	EXPECT(!strstr(text, "more ...") && strstr(text, "    #20 ") && strstr(text, "    #21 "),
	       "%s", text);
	free(text);
}

/* Lines have room where a row moves them in by 4. */
static void narrow(void)
{
	struct pvtlb_event event[] = { BEGIN(0), MULTI(0, 2), END(0) };
	char *text = report_of(event, NR_OF(event));

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		EXPECT(strcspn(line, "\n") <= 76, "%.*s", (int)strcspn(line, "\n"), line);
	EXPECT(strstr(text, "\n  instead    CPU 1 had to take an interrupt between #1 and #3.\n"),
	       "%s", text);
	free(text);
}

/* A violation of which the stream knows nothing, and which says nothing or anything. */
static void strange(void)
{
	static const struct pvtlb_event other[] = { { .seq = 5, .id = PVTLB_EV_CPU_UP } };
	static const struct event_stream streams[] = { { 0 }, { .event = other, .nr = 1 } };
	struct violations all = { .kept = 1 };

	for (size_t i = 0; i < NR_OF(streams); i++) {
		for (unsigned int kind = 0; kind < VIOLATION_KINDS; kind++) {
			for (int byte = 0; byte < 256; byte += 255) {
				char text[16384] = "";
				FILE *to = fmemopen(text, sizeof(text), "w");

				memset(&all.v[0], byte, sizeof(all.v[0]));
				all.v[0].kind = kind;
				violation_report(to, &streams[i], &all.v[0], NULL);
				violations_complete(&all, &streams[i]);
				violation_report(to, &streams[i], &all.v[0], NULL);
				fclose(to);
				EXPECT(strstr(text, violation_names[kind]) == text, "kind %u",
				       kind);
			}
		}
	}
}

#define SERVED(cpu, start, end, set) EV(cpu, SERVED, start, end, { { set } })
#define BEGIN_8(cpu)		     BEGIN_AT(cpu, 1, VA, VA + 8 * PAGE)
#define SERVE(set)		     EV(0, SERVE, .space = 0x1000, .cpus = { { set } })
#define LINE(text) "\n  served     " text "\n  interrupt "

/* What the hypervisor has done for a flush that it did not serve in full, and when. */
static void what_was_served(void)
{
	static const struct {
		const char *what, *want;
		struct pvtlb_event event[8];
	} cases[] = {
		{ "one page of eight", LINE("at #3, 0x100000000000 to 0x100000001000, 1 of 8 pages"),
		  { BEGIN_8(0), MULTI(0, 2), SERVED(0, VA, VA + PAGE, 2), END(0) } },
		{ "a gap", "at #3, 0x100000000000 to 0x100000001000, and 1 more, 3 of 8\n",
		  { BEGIN_8(0), MULTI(0, 2), SERVED(0, VA, VA + PAGE, 2),
		    SERVED(0, VA + 6 * PAGE, VA + 9 * PAGE, 2), END(0) } },
		{ "of all memory", LINE("at #3, 0x100000000000 to 0x100000001000"),
		  { BEGIN_AT(0, 1, 0, FULL), MULTI(0, 2), SERVED(0, VA, VA + PAGE, 2), END(0) } },
		{ "left out",
		  LINE("at #4, but not on CPU 1, which the hypervisor had left out (#3)"),
		  { BEGIN(0), MULTI(0, 2), SERVE(4), SERVED(0, VA, VA + PAGE, 4), END(0) } },
		{ "not waited for",
		  "at #4, but not on CPU 1, which was to be flushed, and was not",
		  { BEGIN(0), MULTI(0, 2), SERVE(6), SERVED(0, VA, VA + PAGE, 4), END(0) } },
		{ "late", LINE("only at #6, after the flush had returned (#4)"),
		  { SERVED(1, VA, VA, 0), BEGIN(0), MULTI(0, 2), END(0), SERVED(2, VA, VA + PAGE, 2),
		    SERVED(0, VA, VA + PAGE, 2), BEGIN(0), END(0) } },
		{ "on others, and late", "at #3, but not on CPU 1; only at #5, after the flush had\n",
		  { BEGIN(0), MULTI(0, 2), SERVED(0, VA, VA + PAGE, 0), END(0),
		    SERVED(0, VA, VA + PAGE, 2) } },
		{ "begun", LINE("begun at #4, and not done"),
		  { SERVED(1, VA, VA, 0), BEGIN(0), MULTI(0, 2), SERVE(2), END(0), SERVED(2, VA, VA + PAGE, 1) } },
		/* The next flush's is none of this one's. */
		{ "not at all", "tables\n  interrupt  none of CPU 1 meanwhile\n",
		  { SERVED(1, VA, VA, 0), BEGIN(0), MULTI(0, 2), END(0), BEGIN(0), MULTI(0, 2),
		    SERVED(0, VA, VA + PAGE, 2), END(0) } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		size_t nr = 0;
		char *text;

		while (nr < 8 && cases[i].event[nr].id)
			nr++;
		text = report_under(cases[i].event, nr, INTERRUPTS_NONE);
		EXPECT(strstr(text, cases[i].want), "%s: %s", cases[i].what, text);
		free(text);
	}
}

SUITE(unit_oracle_reports, false, { "which events a report lists", what_matters },
      { "what was served", what_was_served },
      { "reports are narrow", narrow }, { "violation_report of many events", long_list },
      { "violation_report of what the stream does not know", strange });
