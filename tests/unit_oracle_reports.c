/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports of violations: what is listed, and of what the stream does not know. */
#include <stdlib.h>
#include <string.h>

#include "stream.h"

/* Judge, and the report of the first violation of delivered, to be freed. */
static char *report_of(const struct pvtlb_event *event, size_t nr)
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
	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIMS, .promise = INTERRUPTS_ALL }, &found);
	if (bad->total)
		violation_report(to, &stream, &bad->v[0], NULL);
	fclose(to);
	free(copy);
	return text;
}

/* Of many events the first and the last ones are listed, with those that are named. */
static void long_list(void)
{
	static const char first[] = "  events #1 to #103:\n"
				    "    #1 CPU 0 flush_begin";
	static const char middle[] = "    #20 CPU 0 cpu_up cpu=0\n"
				     "    ... 63 more ...\n"
				     "    #84 CPU 0 cpu_up cpu=0\n";
	struct pvtlb_event event[103] = { BEGIN(0), MULTI(0, 2) };
	char *text;

	for (size_t i = 2; i < 102; i++)
		event[i] = (struct pvtlb_event)EV(0, CPU_UP);
	event[102] = (struct pvtlb_event)END(0);
	text = report_of(event, NR_OF(event));
	EXPECT(strstr(text, first) && strstr(text, middle) &&
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

SUITE(unit_oracle_reports, false, { "violation_report of many events", long_list },
      { "violation_report of what the stream does not know", strange });
