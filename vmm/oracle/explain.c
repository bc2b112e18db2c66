/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation as a bug report: what led up to it, what it means, and the events that matter. */
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "oracle/matters.h"
#include "oracle/moral.h"
#include "oracle/search.h"
#include "oracle/template.h"

#define WIDTH  76u /* in columns; who prints a report may move it in by 4 */
#define LABEL  13u /* of a line's label, with the space around it */
#define LISTED 40u /* events: all of them, or half as many from either end, and the named ones */

typedef unsigned long long ull;

/* A label and what it labels; NULL or empty: no line. */
static void labelled(FILE *to, const char *label, const char *text)
{
	char head[48];

	if (!text || !*text)
		return;
	snprintf(head, sizeof(head), "  %-10s ", label);
	wrap_print_in(to, WIDTH, LABEL, head, text);
}

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
	labelled(to, template_text(v, id, violation_parts[id].label, label, sizeof(label)), text);
}

/* Moved in behind its number. */
static void event_line(FILE *to, const struct pvtlb_event *e, const struct sources *sources)
{
	char *text = event_text(e, sources);

	wrap_print_in(to, WIDTH, 8, "    ", text);
	free(text);
}

/* Those that matter; of too many, from either end. What is named is listed anyhow. */
static void events(FILE *to, const struct event_stream *stream, const struct matters *m)
{
	const size_t from = event_place(stream, m->first);
	size_t nr = 0, at = 0, left_out = 0, until = from;

	for (; until < stream->nr && stream->event[until].seq <= m->last; until++)
		nr += matters_event(m, &stream->event[until]);
	fprintf(to, "  the events that matter, of #%llu to #%llu:\n", (ull)m->first, (ull)m->last);
	for (size_t i = from; i < until; i++) {
		const struct pvtlb_event *e = &stream->event[i];

		if (!matters_event(m, e))
			continue;
		at++;
		if (nr > LISTED && at > LISTED / 2 && nr - at >= LISTED / 2 &&
		    !matters_named(m, e->seq)) {
			left_out++;
			continue;
		}
		if (left_out)
			fprintf(to, "    ... %zu more ...\n", left_out);
		left_out = 0;
		event_line(to, e, stream->sources);
	}
}

void violation_report(FILE *to, const struct event_stream *stream, const struct violation *v,
		      const char *skipped_by)
{
	const struct rule *rule = &violation_rules[v->kind];
	struct matters m;
	char text[512];

	snprintf(text, sizeof(text), "%s: CPU %llu %s (trial %llu, step %llu)",
		 violation_names[v->kind], (ull)v->cpu, rule->headline, (ull)v->trial,
		 (ull)v->step);
	wrap_print_in(to, WIDTH, 2, "", text);
	for (const enum part_id *id = rule->part; *id != PARTS; id++) {
		line(to, v, *id);
		if (*id == PART_SYNC && skipped_by && violation_value(v, "sync.skipped"))
			labelled(to, "skipped", skipped_by);
	}
	labelled(to, "instead", violation_instead(v, text, sizeof(text)));
	labelled(to, "harm", violation_harm(v, text, sizeof(text)));
	matters_make(&m, v);
	events(to, stream, &m);
}
