/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of an exploration, as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/title.h"
#include "cli/explored.h"
#include "report/json_parts.h"

#define SCHEMA 1

/* null: there is no such number. */
static json_t *number_or_null(bool is, uint64_t number)
{
	return is ? json_integer((json_int_t)number) : json_null();
}

json_t *explored_new(const struct run_config *config, uint64_t image,
		     const struct explore_options *options)
{
	static const struct outcome nothing; /* large */
	char title[TITLE_MAX];
	json_t *e = json_object(), *search = json_object();

	json_object_set_new(e, "title", json_string(config_title(config, title)));
	json_settings(e, config);
	json_object_set_new(e, "key", json_string(key_request_names[config->key]));
	json_object_set_new(e, "image", json_hex(image));
	json_object_set_new(search, "bound", number_or_null(!options->random, options->bound));
	json_object_set_new(search, "unbounded", json_boolean(options->unbounded));
	json_object_set_new(search, "random", number_or_null(options->random, options->random));
	json_object_set_new(search, "depth", number_or_null(options->random, options->depth));
	json_object_set_new(search, "seed",
			    options->random ? json_hex(options->seed) : json_null());
	json_object_set_new(search, "max_schedules",
			    number_or_null(options->max_schedules, options->max_schedules));
	json_object_set_new(search, "time",
			    number_or_null(options->seconds > 0, (uint64_t)options->seconds));
	json_object_set_new(search, "go_on", json_boolean(options->all));
	json_object_set_new(e, "search", search);
	json_object_set_new(e, "part", json_integer(options->shard));
	json_object_set_new(e, "parts", json_integer(options->shards ? options->shards : 1));
	json_object_set_new(e, "skipped", json_null());
	explored_outcome(e, &nothing, false);
	json_object_set_new(e, "finding", json_null());
	return e;
}

void explored_skipped(json_t *e, const char *why)
{
	json_object_set_new(e, "skipped", json_string(why));
}

static void add_stream(json_t *list, uint64_t hash)
{
	json_array_append_new(list, json_hex(hash));
}

static json_t *streams_json(const struct hashes *set)
{
	json_t *list = json_array();

	if (set->has_zero)
		add_stream(list, 0);
	for (size_t i = 0; i < set->room; i++)
		if (set->slot[i])
			add_stream(list, set->slot[i]);
	return list;
}

void explored_outcome(json_t *e, const struct outcome *o, bool with_streams)
{
	json_t *by = json_array();
	unsigned int last = 0;

	for (unsigned int i = 0; i <= EXPLORE_BOUND_MAX; i++)
		if (o->of_bound[i])
			last = i + 1;
	for (unsigned int i = 0; i < last; i++)
		json_array_append_new(by, json_integer((json_int_t)o->of_bound[i]));
	json_object_set_new(e, "end", json_string(explore_end_names[o->end]));
	json_object_set_new(e, "schedules", json_integer((json_int_t)o->schedules));
	json_object_set_new(e, "by_switches", by);
	json_object_set_new(e, "bounds", json_integer(o->bounds));
	json_object_set_new(e, "not_so", json_integer((json_int_t)o->not_so));
	json_object_set_new(e, "executions", json_integer((json_int_t)o->executions));
	json_object_set_new(e, "asleep", json_integer((json_int_t)o->asleep));
	json_object_set_new(e, "streams", json_integer((json_int_t)o->streams.nr));
	json_object_set_new(e, "stream_hashes",
			    with_streams ? streams_json(&o->streams) : json_null());
	json_object_set_new(e, "wrong", json_integer((json_int_t)o->wrong));
	json_object_set_new(e, "seconds", json_real(o->seconds));
}

/* The file's text: it is what replay reads. */
static json_t *file_json(const struct schedule_file *file)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	json_t *ret;

	if (!to)
		abort();
	schedule_write(to, file);
	if (fclose(to))
		abort();
	ret = json_string(text);
	free(text);
	return ret;
}

void explored_finding(json_t *e, const struct outcome *o, const struct schedule_file *file,
		      const char *story, const struct replays *confirmed)
{
	json_t *f = json_object(), *kvm = json_object();

	json_object_set_new(f, "wrong", json_string(file->wrong));
	json_object_set_new(f, "text", json_string(o->first.text));
	json_object_set_new(f, "switches", json_integer(file->schedule.nr));
	json_object_set_new(f, "found_switches", json_integer(o->switches_found));
	json_object_set_new(f, "found_after", json_integer((json_int_t)o->found_after));
	json_object_set_new(f, "found_seconds", json_real(o->found_seconds));
	json_object_set_new(f, "schedule", file_json(file));
	json_object_set_new(kvm, "times", json_integer(confirmed->times));
	json_object_set_new(kvm, "alike", json_integer(confirmed->alike));
	json_object_set_new(kvm, "same", json_integer(confirmed->same));
	json_object_set_new(f, "on_kvm", kvm);
	json_object_set_new(f, "report", json_string(story));
	json_object_set_new(e, "finding", f);
}

int explored_print(json_t *list, FILE *to, struct error *err)
{
	json_t *root = json_pack("{s:i, s:o}", "schema", SCHEMA, "explored", list);
	int ret = json_dumpf(root, to, JSON_INDENT(2));

	fputc('\n', to);
	json_decref(root);
	return ret || fflush(to) ? fail(err, STATUS_FAIL, "not all results could be written") : 0;
}
