/* SPDX-License-Identifier: GPL-2.0-only */
/* What each CPU may have cached, from event to event: the oracle's permitted TLB, looked into. */
#include <stdlib.h>

#include "base/grow.h"
#include "events/value.h"
#include "oracle/permitted/permitted.h"
#include "oracle/permitted/tlbs.h"
#include "show/cached.h"

typedef unsigned long long ull;

#define ENTRIES_MAX 400u /* in a set; nobody reads more */

/* A version by what it is, for it may be gone by the next event. */
struct text {
	const struct entry *entry;
	uint64_t mm, start, size, target, set;
	bool table;
};

struct watcher {
	const struct shown *s;
	size_t at, from, until; /* places of events */
	unsigned int cpus;
	struct text *text;
	size_t nr_texts;
	json_t *entries, *sets;
	json_t *last[CPUS];	 /* the CPU's set as it was told last */
	uint64_t told_at[CPUS]; /* when it first had something that a violation tells of */
};

static bool same(const struct text *a, const struct text *b)
{
	return a->mm == b->mm && a->start == b->start && a->size == b->size &&
	       a->target == b->target && a->set == b->set && a->table == b->table;
}

/* Its place among the entries; a new one gets one. */
static size_t place_of(struct watcher *w, const struct version *v)
{
	const struct text text = { .entry = v->entry,
				   .mm = v->entry->space->mm,
				   .start = v->entry->start,
				   .size = v->entry->size,
				   .target = version_target(v),
				   .set = v->set,
				   .table = v->entry->table };
	char line[160], size[SIZE_TEXT_MAX];

	/* The one that is asked for is among the last ones. */
	for (size_t i = w->nr_texts; i-- > 0;)
		if (same(&w->text[i], &text))
			return i;
	w->text = grow(w->text, w->nr_texts, sizeof(*w->text));
	w->text[w->nr_texts] = text;
	snprintf(line, sizeof(line), "mm %llu %#llx, %s: %s %#llx, stored at #%llu", (ull)text.mm,
		 (ull)text.start, size_text(__builtin_ctzll(text.size), size),
		 text.table ? "table" : "page", (ull)text.target, (ull)text.set);
	json_array_append_new(w->entries, json_string(line));
	return w->nr_texts++;
}

static void look(struct watcher *w, struct tlbs *tlbs, unsigned int cpu, const struct version *v,
		 json_t *to)
{
	for (; v; v = v->space_next)
		if (json_array_size(to) < ENTRIES_MAX && tlb_holds(tlbs, cpu, v) == HOLDS)
			json_array_append_new(to, json_integer((json_int_t)place_of(w, v)));
}

static bool has(const json_t *ids, json_int_t id)
{
	const json_t *one;
	size_t i;

	json_array_foreach(ids, i, one)
		if (json_integer_value(one) == id)
			return true;
	return false;
}

/*
 * The oracle tells once of what is out of date, and forgets it. The CPU has it all the same, until
 * it removes something.
 */
static void keep_told(struct watcher *w, const struct tlbs *tlbs, unsigned int cpu, uint64_t seq,
		      json_t *ended)
{
	json_t *before = w->last[cpu] ? json_array_get(w->last[cpu], 1) : NULL, *id;
	size_t i;

	json_array_foreach(before, i, id) {
		const struct text *text = &w->text[json_integer_value(id)];

		if (has(ended, json_integer_value(id)) ||
		    !(text->entry->told[cpu / 64] >> (cpu % 64) & 1))
			continue;
		if (!w->told_at[cpu])
			w->told_at[cpu] = seq;
		if (tlbs->cpu[cpu].removed < w->told_at[cpu])
			json_array_append(ended, id);
	}
}

/* Of user spaces: the kernel's addresses are always there, and not what this is about. */
static json_t *set_of(struct watcher *w, struct tlbs *tlbs, unsigned int cpu, uint64_t seq)
{
	const struct cached *now = tlb_now(&tlbs->cpu[cpu]);
	json_t *current = json_array(), *ended = json_array();

	for (size_t i = 0; now && i < tlbs->en->nr_spaces; i++) {
		const struct space *space = tlbs->en->space[i];

		if (!space->mm || !(space->loaded[cpu / 64] >> (cpu % 64) & 1))
			continue;
		look(w, tlbs, cpu, space->current, current);
		look(w, tlbs, cpu, space->ended, ended);
	}
	keep_told(w, tlbs, cpu, seq, ended);
	return json_pack("[o,o]", current, ended);
}

static void watch(void *ctx, struct tlbs *tlbs, const struct pvtlb_event *e)
{
	struct watcher *w = ctx;

	while (w->at < w->until && w->s->stream.event[w->at].seq < e->seq)
		w->at++;
	if (w->at < w->from || w->at >= w->until)
		return;
	for (unsigned int cpu = 0; cpu < w->cpus && cpu < CPUS; cpu++) {
		json_t *set = set_of(w, tlbs, cpu, e->seq);

		if (w->last[cpu] && json_equal(w->last[cpu], set)) {
			json_decref(set);
			continue;
		}
		json_decref(w->last[cpu]);
		w->last[cpu] = set;
		json_array_append_new(w->sets,
				      json_pack("[I,i,O,O]", (json_int_t)(w->at - w->from), (int)cpu,
						json_array_get(set, 0), json_array_get(set, 1)));
	}
}

json_t *cached_data(const struct shown *s, size_t from, size_t until)
{
	struct watcher *w = calloc(1, sizeof(*w));
	const struct oracle_terms of_run = terms_of(&s->run->config, s->run->claims);
	const struct permitted_terms terms = { .believed = of_run.by_host,
					       .no_look = of_run.no_look,
					       .watch = watch,
					       .watch_ctx = w };
	struct permitted out;
	json_t *data;

	if (!w)
		abort();
	w->s = s;
	w->from = from;
	w->until = until;
	w->cpus = s->run->config.cpus;
	w->entries = json_array();
	w->sets = json_array();
	oracle_permitted(&s->stream, &terms, &out, NULL, NULL);
	data = json_pack("{s:o,s:o}", "entries", w->entries, "sets", w->sets);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		json_decref(w->last[cpu]);
	free(w->text);
	free(w);
	return data;
}
