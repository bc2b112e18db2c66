/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of an exploration, out of JSON that may be from anywhere. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explored.h"

static int bad(char *buf, size_t len, const char *what)
{
	snprintf(buf, len, "%s", what);
	return -1;
}

static int read_end(const char *name, struct outcome *o)
{
	for (unsigned int i = 0; i < EXPLORE_ENDS; i++) {
		if (strcmp(name, explore_end_names[i]))
			continue;
		o->end = i;
		return 0;
	}
	return -1;
}

static int read_by(const json_t *by, struct outcome *o)
{
	if (!json_is_array(by) || json_array_size(by) > EXPLORE_BOUND_MAX + 1)
		return -1;
	for (size_t i = 0; i < json_array_size(by); i++) {
		const json_t *n = json_array_get(by, i);

		if (!json_is_integer(n) || json_integer_value(n) < 0)
			return -1;
		o->of_bound[i] = (uint64_t)json_integer_value(n);
	}
	return 0;
}

static int read_streams(const json_t *list, struct outcome *o)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));
		uint64_t hash;
		char more;

		if (!text || strlen(text) > 18 ||
		    sscanf(text, "0x%" SCNx64 "%c", &hash, &more) != 1)
			return -1;
		hashes_add(&o->streams, hash);
	}
	return 0;
}

static int read_finding(json_t *f, struct explored *out, char *buf, size_t len)
{
	struct outcome *o = &out->outcome;
	json_int_t switches, found, after;
	json_error_t wrong;

	if (json_unpack_ex(f, &wrong, 0, "{s:s, s:s, s:I, s:I, s:I, s:F, s:{s:I, s:I, s:I}, s:s}",
			   "wrong", &out->wrong, "text", &out->text, "switches", &switches,
			   "found_switches", &found, "found_after", &after, "found_seconds",
			   &o->found_seconds, "on_kvm", "times", &out->times, "alike", &out->alike,
			   "same", &out->same, "report", &out->story))
		return bad(buf, len, wrong.text);
	if (switches < 0 || switches > SCHEDULE_MAX || found < 0 || found > SCHEDULE_MAX ||
	    after < 0)
		return bad(buf, len, "finding: a number is out of range");
	o->schedule.nr = (uint32_t)switches;
	o->switches_found = (uint32_t)found;
	o->found_after = (uint64_t)after;
	snprintf(o->first.text, sizeof(o->first.text), "%s", out->text);
	return 0;
}

static int in_range(const struct explored *e, const json_int_t *number, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (number[i] < 0)
			return -1;
	return e->shards < 1 || e->shards > SHARDS_MAX || e->shard < 0 || e->shard >= e->shards ? -1
												: 0;
}

static int read_all(json_t *e, struct explored *out, char *buf, size_t len)
{
	enum { SCHEDULES, BOUNDS, NOT_SO, EXECUTIONS, ASLEEP, STREAMS, WRONG, NUMBERS };
	struct outcome *o = &out->outcome;
	json_t *skipped, *by, *streams, *finding;
	json_int_t n[NUMBERS];
	const char *end, *expect;
	json_error_t wrong;

	if (json_unpack_ex(e, &wrong, 0,
			   "{s:s, s:s, s:{s:o, s:o}, s:I, s:I, s:o, s:o, s:s, s:o, s:o, s:F, s:I, "
			   "s:I, s:I, s:I, s:I, s:I, s:I}",
			   "title", &out->title, "expect", &expect, "search", "bound", &out->bound,
			   "random", &out->random, "part", &out->shard, "parts", &out->shards,
			   "skipped", &skipped, "finding", &finding, "end", &end, "by_switches",
			   &by, "stream_hashes", &streams, "seconds", &o->seconds, "schedules",
			   &n[SCHEDULES], "bounds", &n[BOUNDS], "not_so", &n[NOT_SO], "executions",
			   &n[EXECUTIONS], "asleep", &n[ASLEEP], "streams", &n[STREAMS], "wrong",
			   &n[WRONG]))
		return bad(buf, len, wrong.text);
	if (in_range(out, n, NUMBERS) || n[BOUNDS] > EXPLORE_BOUND_MAX + 1)
		return bad(buf, len, "a number is out of range");
	out->skipped = json_string_value(skipped);
	out->expected = !strcmp(expect, "violation");
	if (read_end(end, o))
		return bad(buf, len, "end is no way that an exploration ends");
	if (read_by(by, o))
		return bad(buf, len, "by_switches is no list of numbers of schedules");
	if (read_streams(streams, o))
		return bad(buf, len, "stream_hashes has what is no hash");
	if (!json_is_null(streams) && o->streams.nr != (size_t)n[STREAMS])
		return bad(buf, len, "stream_hashes has not as many as streams says");
	o->schedules = (uint64_t)n[SCHEDULES];
	o->bounds = (unsigned int)n[BOUNDS];
	o->not_so = (uint64_t)n[NOT_SO];
	o->executions = (uint64_t)n[EXECUTIONS];
	o->asleep = (uint64_t)n[ASLEEP];
	o->streams.nr = (size_t)n[STREAMS];
	o->wrong = (uint64_t)n[WRONG];
	if (!o->wrong != json_is_null(finding))
		return bad(buf, len, "wrong and finding contradict each other");
	return o->wrong ? read_finding(finding, out, buf, len) : 0;
}

struct explored *explored_read(json_t *e, char *buf, size_t len)
{
	struct explored *out = calloc(1, sizeof(*out));

	if (!out)
		abort();
	if (!read_all(e, out, buf, len))
		return out;
	explored_free(out);
	return NULL;
}

void explored_free(struct explored *e)
{
	if (e)
		outcome_free(&e->outcome);
	free(e);
}
