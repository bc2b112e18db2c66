/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports of parts, of --shard and --json, put together to the report of the whole. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/explored.h"

#define SCHEMA 1

struct report {
	const char *path;
	json_t *root, *list; /* the latter borrowed */
};

static int load(struct report *r, const char *path, struct error *err)
{
	json_error_t wrong;
	json_int_t schema;

	r->path = path;
	r->root = json_load_file(path, 0, &wrong);
	if (!r->root)
		return fail(err, STATUS_FAIL, "%s:%d: %s", path, wrong.line, wrong.text);
	if (json_unpack_ex(r->root, &wrong, 0, "{s:I, s:o}", "schema", &schema, "explored",
			   &r->list) ||
	    !json_is_array(r->list))
		return fail(err, STATUS_FAIL,
			    "%s: no report of an exploration, which pvtlb explore --shard I/N "
			    "--json prints",
			    path);
	if (!json_array_size(r->list))
		return fail(err, STATUS_FAIL, "%s: there is no configuration in it", path);
	if (schema != SCHEMA)
		return fail(err, STATUS_FAIL, "%s: schema %lld; this pvtlb reads schema %d", path,
			    (long long)schema, SCHEMA);
	return 0;
}

/* What parts of one exploration do not differ in. NULL: they do not. */
static const char *differ(json_t *a, json_t *b)
{
	static const char *const own[] = { "part",	 "skipped",	"finding", "end",
					   "schedules",	 "by_switches", "bounds",  "not_so",
					   "executions", "asleep",	"streams", "stream_hashes",
					   "wrong",	 "seconds" };
	const char *name;
	json_t *value;

	json_object_foreach(a, name, value)
	{
		bool is_own = false;

		for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
			is_own |= !strcmp(own[i], name);
		if (!is_own && !json_equal(value, json_object_get(b, name)))
			return name;
	}
	return NULL;
}

static int wrong_part(const struct report *r, size_t at, const char *what, struct error *err)
{
	return fail(err, STATUS_FAIL, "%s: configuration %zu: %s", r->path, at + 1, what);
}

/* One configuration: each file has a part of it. */
struct merging {
	const struct report *report;
	size_t nr, at;
	const char **has; /* which file has which part */
	json_int_t parts;
	struct outcome *sum;
	json_t *finding; /* borrowed */
};

/* Is it another part of the same? */
static int belongs(const struct merging *m, const struct report *r, const struct explored *part,
		   json_t *e, struct error *err)
{
	const char *name = differ(json_array_get(m->report->list, m->at), e);

	if (name)
		return fail(err, STATUS_FAIL,
			    "%s: configuration %zu has another '%s' than in %s: they are not parts "
			    "of one exploration",
			    r->path, m->at + 1, name, m->report->path);
	if (!part->skipped && !json_is_array(json_object_get(e, "stream_hashes")))
		return wrong_part(r, m->at, "no stream_hashes: it was made without --shard", err);
	if (m->has && m->has[part->shard])
		return fail(err, STATUS_FAIL, "part %lld/%lld is there twice: in %s and in %s",
			    (long long)part->shard, (long long)part->shards, m->has[part->shard],
			    r->path);
	return 0;
}

/* Whose finding is the smallest, as outcome_merge() has it. */
static bool is_chosen(const struct merging *m, const struct outcome *part)
{
	return part->wrong && m->sum->schedule.nr == part->schedule.nr &&
	       m->sum->found_after == part->found_after &&
	       !strcmp(m->sum->first.text, part->first.text);
}

static int take_part(struct merging *m, const struct report *r, struct error *err)
{
	json_t *e = json_array_get(r->list, m->at);
	char why[200];
	struct explored *part = explored_read(e, why, sizeof(why));

	if (!part)
		return wrong_part(r, m->at, why, err);
	if (belongs(m, r, part, e, err)) {
		explored_free(part);
		return -1;
	}
	if (!m->has) {
		m->parts = part->shards;
		m->has = calloc((size_t)m->parts, sizeof(*m->has));
		if (!m->has)
			abort();
		m->sum->end = part->outcome.end;
		m->sum->bounds = part->outcome.bounds;
	}
	m->has[part->shard] = r->path;
	outcome_merge(m->sum, &part->outcome);
	if (is_chosen(m, &part->outcome))
		m->finding = json_object_get(e, "finding");
	explored_free(part);
	return 0;
}

/* The whole's object, or NULL with err. */
static json_t *merge_one(struct merging *m, struct error *err)
{
	json_t *out;

	for (size_t i = 0; i < m->nr; i++)
		if (take_part(m, &m->report[i], err))
			return NULL;
	for (json_int_t i = 0; i < m->parts; i++)
		if (!m->has[i]) {
			fail(err, STATUS_FAIL, "part %lld/%lld is missing", (long long)i,
			     (long long)m->parts);
			return NULL;
		}
	out = json_copy(json_array_get(m->report->list, m->at));
	explored_outcome(out, m->sum, true);
	json_object_set(out, "finding", m->finding ? m->finding : json_null());
	json_object_set_new(out, "part", json_integer(0));
	json_object_set_new(out, "parts", json_integer(1));
	return out;
}

static json_t *merge_all(const struct report *report, size_t nr, struct error *err)
{
	json_t *list = json_array();

	for (size_t i = 1; i < nr; i++)
		if (json_array_size(report[i].list) != json_array_size(report[0].list))
			fail(err, STATUS_FAIL,
			     "%s has %zu configurations, and %s has %zu: they are not parts of one "
			     "exploration",
			     report[i].path, json_array_size(report[i].list), report[0].path,
			     json_array_size(report[0].list));
	for (size_t i = 0; i < json_array_size(report[0].list) && !err->status; i++) {
		struct merging m = { .report = report, .nr = nr, .at = i };

		m.sum = calloc(1, sizeof(*m.sum));
		if (!m.sum)
			abort();
		json_array_append_new(list, merge_one(&m, err));
		free(m.has);
		outcome_free(m.sum);
		free(m.sum);
	}
	return list;
}

/* In words, unless it is for a program. */
static int conclude(json_t *list, bool say)
{
	int status = STATUS_OK;

	for (size_t i = 0; i < json_array_size(list); i++) {
		char why[200];
		struct explored *e = explored_read(json_array_get(list, i), why, sizeof(why));

		if (!e)
			continue;
		status = status_merge(status, explored_status(e), !i);
		if (say)
			explored_say(stdout, e);
		explored_free(e);
	}
	return status;
}

int explored_merge(const struct command_line *cl)
{
	struct report *report = calloc(cl->nr_words + 1, sizeof(*report));
	struct error err = { 0 };
	json_t *list = NULL;
	int status = 0;

	if (!report)
		abort();
	if (!cl->nr_words)
		fail(&err, STATUS_USAGE,
		     "--merge: no report named; pvtlb explore --shard I/N "
		     "--json prints one");
	if (cl->nr_given != 1u + cl->json)
		fail(&err, STATUS_USAGE,
		     "--merge takes reports, and no option but --json: what was "
		     "explored is in them");
	for (unsigned int i = 0; i < cl->nr_words && !err.status; i++)
		load(&report[i], cl->word[i], &err);
	if (!err.status)
		list = merge_all(report, cl->nr_words, &err);
	if (!err.status) {
		status = conclude(list, !cl->json);
		if (cl->json)
			explored_print(json_incref(list), stdout, &err);
	}
	json_decref(list);
	for (unsigned int i = 0; i < cl->nr_words; i++)
		json_decref(report[i].root);
	free(report);
	return err.status ? complain(&err) : status;
}
