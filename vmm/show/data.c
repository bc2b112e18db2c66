/* SPDX-License-Identifier: GPL-2.0-only */
/* What the page is told of a run, as JSON. */
#include <stdlib.h>
#include <string.h>

#include "show/cached.h"
#include "show/focus.h"
#include "show/html.h"
#include "show/lanes.h"
#include "show/moral.h"
#include "show/sentence.h"
#include "show/story.h"

/* Events of which is told what CPUs may have cached; in more of them nobody looks for it. */
#define CACHED_MAX 4000u

/* Text that may be anything: what is not UTF-8 is left out. */
static json_t *text_of(const char *text)
{
	json_t *s = json_string(text);

	return s ? s : json_string("?");
}

/* [number, CPU, weight, as the trace has it, a sentence] */
static json_t *event_data(const struct shown *s, const struct pvtlb_event *e, enum weight weight)
{
	char sentence[SENTENCE_MAX], *line = event_text(e, s->stream.sources);
	json_t *data = json_array();

	json_array_append_new(data, json_integer(e->seq));
	json_array_append_new(data, json_integer(e->cpu));
	json_array_append_new(data, json_integer(weight));
	json_array_append_new(data, text_of(line));
	json_array_append_new(data, text_of(event_sentence(e, sentence, sizeof(sentence))));
	free(line);
	return data;
}

static json_t *span_data(const struct lanes *l, const struct span *span)
{
	return json_pack("[i,s,I,I,s,b]", span->cpu, span_names[span->kind],
			 (json_int_t)(span->from - l->from), (json_int_t)(span->to - l->from),
			 span->label, span->irqs_off);
}

static json_t *arrow_data(const struct lanes *l, const struct arrow *arrow)
{
	return json_pack("[I,I,s]", (json_int_t)(arrow->from - l->from),
			 (json_int_t)(arrow->to - l->from), arrow_names[arrow->kind]);
}

static json_t *bar_data(const struct lanes *l, const struct bar *bar)
{
	json_t *parts = json_array(), *dots = json_array();
	char name[40];

	for (size_t i = 0; i < bar->nr_parts; i++) {
		const struct bar_part *p = &bar->part[i];

		json_array_append_new(parts, json_pack("[I,I,s,I]", (json_int_t)(p->from - l->from),
						       (json_int_t)(p->to - l->from),
						       bar_names[p->state], (json_int_t)p->mm));
	}
	for (size_t i = 0; i < bar->nr_dots; i++)
		json_array_append_new(dots,
				      json_pack("[I,b]", (json_int_t)(bar->dot[i].at - l->from),
						bar->dot[i].bad));
	snprintf(name, sizeof(name), "%s %#llx", bar->table ? "table" : "page",
		 (unsigned long long)bar->page);
	return json_pack("{s:s,s:o,s:o}", "name", name, "parts", parts, "dots", dots);
}

/* Is the page a table's, which has a bar of its own? */
static bool is_tables(const struct lanes *l, const struct bar *bar)
{
	for (size_t i = 0; !bar->table && i < l->bars.nr; i++)
		if (l->bars.bar[i].table && l->bars.bar[i].page == bar->page)
			return true;
	return false;
}

/* Only what changes hands in the stretch is worth a bar; pages behind tables. */
static json_t *bars_data(const struct lanes *l)
{
	json_t *bars = json_array();

	for (int table = 1; table >= 0; table--)
		for (size_t i = 0; i < l->bars.nr; i++)
			if (l->bars.bar[i].table == table && l->bars.bar[i].unhooked &&
			    !is_tables(l, &l->bars.bar[i]))
				json_array_append_new(bars, bar_data(l, &l->bars.bar[i]));
	return bars;
}

/* To be freed. */
static char *printed_story(const struct shown *s)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		abort();
	ending_print(to, s);
	fclose(to);
	return text;
}

static json_t *title_data(const struct shown *s)
{
	char title[TITLE_MAX];

	return text_of(config_title(&s->run->config, title));
}

json_t *show_data(const struct shown *s, bool whole)
{
	json_t *events = json_array(), *spans = json_array(), *arrows = json_array();
	json_t *skips = json_array();
	json_int_t bad = -1, start = -1;
	uint64_t begins = story_begins(s);
	struct focus f;
	struct lanes l;
	char *ending = printed_story(s);

	focus_make(&f, s);
	lanes_make(&l, s, whole ? 0 : f.from, whole ? s->stream.nr : f.trial_until);
	for (size_t i = l.from; i < l.until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		json_array_append_new(events, event_data(s, e, event_weight(e)));
		if (e->id == PVTLB_EV_SYNC && e->sync.skipped)
			json_array_append_new(skips, json_integer(i - l.from));
		if (s->violation && e->seq == violation_found(s->violation))
			bad = i - l.from;
		if (e->seq == begins)
			start = i - l.from;
	}
	for (size_t i = 0; i < l.nr_spans; i++)
		json_array_append_new(spans, span_data(&l, &l.span[i]));
	for (size_t i = 0; i < l.nr_arrows; i++)
		json_array_append_new(arrows, arrow_data(&l, &l.arrow[i]));
	json_t *data = json_pack(
		"{s:o,s:s,s:b,s:b,s:i,s:o,s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o*}", "title", title_data(s), "verdict",
		verdict_names[s->judgement.verdict], "key", s->facts.key.value, "forced",
		s->run->config.key != KEY_AUTO, "cpus", l.cpus, "events", events, "spans", spans,
		"arrows", arrows, "bars", bars_data(&l), "skips", skips, "bad", bad, "start", start, "ending",
		text_of(ending), "cached",
		l.until - l.from <= CACHED_MAX ? cached_data(s, l.from, l.until) : NULL);
	free(ending);
	lanes_free(&l);
	return data;
}
