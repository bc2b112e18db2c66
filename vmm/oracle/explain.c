/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation as a bug report: what led up to it, by event, and the events in between. */
#include <string.h>

#include "oracle/search.h"
#include "oracle/template.h"

/* Events listed: all of them, or so many from either end. */
#define LISTED 40u

typedef unsigned long long ull;

/* A part's line; where it has nothing to say there is none. */
static void line(FILE *to, const struct violation *v, enum part_id id)
{
	char label[32], text[448];
	size_t len;

	template_text(v, id, violation_parts[id].line, text, sizeof(text));
	len = strlen(text);
	/* Behind the last of what may be several things. */
	if (len >= 2 && !strcmp(text + len - 2, ", "))
		text[len - 2] = 0;
	if (len)
		fprintf(to, "  %-10s %s\n",
			template_text(v, id, violation_parts[id].label, label, sizeof(label)),
			text);
}

static void events(FILE *to, const struct event_stream *stream, uint64_t first, uint64_t last)
{
	size_t from = event_place(stream, first), until = event_place(stream, last);
	size_t nr;

	/* Up to the last one, if it is there. */
	if (until < stream->nr && stream->event[until].seq == last)
		until++;
	nr = until > from ? until - from : 0;
	fprintf(to, "  events #%llu to #%llu:\n", (ull)first, (ull)last);
	for (size_t i = 0; i < nr; i++) {
		if (nr > LISTED && i == LISTED / 2) {
			i = nr - LISTED / 2;
			fprintf(to, "    ... %zu more ...\n", nr - LISTED);
		}
		fputs("    ", to);
		event_print(to, &stream->event[from + i], stream->sources);
	}
}

void violation_report(FILE *to, const struct event_stream *stream, const struct violation *v)
{
	const struct rule *rule = &violation_rules[v->kind];

	fprintf(to, "%s: CPU %llu %s (trial %llu, step %llu)\n", violation_names[v->kind],
		(ull)v->cpu, rule->headline, (ull)v->trial, (ull)v->step);
	for (const enum part_id *id = rule->part; *id != PARTS; id++)
		line(to, v, *id);
	events(to, stream, violation_value(v, rule->from), violation_value(v, rule->until));
}
