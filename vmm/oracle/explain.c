/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation as a bug report: what led up to it, by event, and the events in between. */
#include <string.h>

#include "oracle/search.h"
#include "oracle/template.h"

/* Events listed: all of them, or half as many from either end, and those that are named. */
#define LISTED	  40u
#define MAX_NAMED 64u /* more than any kind's parts have */

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

/* The numbers that the parts' lines name, and the rule's first and last one. */
struct named {
	uint64_t seq[MAX_NAMED];
	unsigned int nr;
};

static void name(struct named *named, uint64_t seq)
{
	if (seq && named->nr < MAX_NAMED)
		named->seq[named->nr++] = seq;
}

static void name_part(struct named *named, const struct violation *v, enum part_id id)
{
	const uint64_t *word = violation_words(v, id);

	for (const struct part_field *f = violation_parts[id].field; f->name; word += f++->words)
		if (f->kind == PVTLB_KIND_SEQ)
			name(named, *word);
}

static bool is_named(const struct named *named, uint64_t seq)
{
	for (unsigned int i = 0; i < named->nr; i++)
		if (named->seq[i] == seq)
			return true;
	return false;
}

/* Places of events: from the first to the one behind the last. */
struct range {
	size_t from, until;
};

static struct range range_of(const struct event_stream *stream, uint64_t first, uint64_t last)
{
	struct range range = { event_place(stream, first), event_place(stream, last) };

	/* Up to the last one, if it is there. */
	if (range.until < stream->nr && stream->event[range.until].seq == last)
		range.until++;
	return range;
}

/* Is the event within so many of either end? */
static bool at_an_end(const struct range *range, size_t i)
{
	return i >= range->from && i < range->until &&
	       (i - range->from < LISTED / 2 || range->until - i <= LISTED / 2);
}

static void cut(FILE *to, size_t nr)
{
	if (nr)
		fprintf(to, "    ... %zu more ...\n", nr);
}

/*
 * All from the first to the last that is named; or, where these are too many, the named ones and
 * so many from either end of what the rule is about.
 */
static void events(FILE *to, const struct event_stream *stream, const struct named *named,
		   const struct range *about)
{
	uint64_t first = named->seq[0], last = named->seq[0];
	struct range all;
	size_t left_out = 0;

	for (unsigned int i = 1; i < named->nr; i++) {
		first = named->seq[i] < first ? named->seq[i] : first;
		last = named->seq[i] > last ? named->seq[i] : last;
	}
	all = range_of(stream, first, last);
	fprintf(to, "  events #%llu to #%llu:\n", (ull)first, (ull)last);
	for (size_t i = all.from; i < all.until; i++) {
		if (all.until - all.from > LISTED && !at_an_end(about, i) &&
		    !is_named(named, stream->event[i].seq)) {
			left_out++;
			continue;
		}
		cut(to, left_out);
		left_out = 0;
		fputs("    ", to);
		event_print(to, &stream->event[i], stream->sources);
	}
}

void violation_report(FILE *to, const struct event_stream *stream, const struct violation *v,
		      const char *skipped_by)
{
	const struct rule *rule = &violation_rules[v->kind];
	uint64_t from = violation_value(v, rule->from), until = violation_value(v, rule->until);
	struct named named = { .nr = 0 };
	struct range about;

	fprintf(to, "%s: CPU %llu %s (trial %llu, step %llu)\n", violation_names[v->kind],
		(ull)v->cpu, rule->headline, (ull)v->trial, (ull)v->step);
	name(&named, from);
	name(&named, until);
	for (const enum part_id *id = rule->part; *id != PARTS; id++) {
		line(to, v, *id);
		name_part(&named, v, *id);
		if (*id == PART_SYNC && skipped_by && violation_value(v, "sync.skipped"))
			fprintf(to, "  %-10s %s\n", "skipped", skipped_by);
	}
	about = range_of(stream, from, until);
	events(to, stream, &named, &about);
}
