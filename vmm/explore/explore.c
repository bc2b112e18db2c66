/* SPDX-License-Identifier: GPL-2.0-only */
/* The searches in their order, and what is told of each schedule. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/signals.h"
#include "explore/dpor.h"
#include "explore/explore.h"
#include "explore/pct.h"
#include "explore/headway.h"
#include "explore/shrink.h"
#include "explore/stream.h"

/* Schedules between two looks at the clock. */
#define CLOCK_EVERY 64u

struct exploring {
	const struct subject *subject;
	struct engine *engine;
	const struct explore_options *options;
	struct outcome *out;
	struct bounded bounded;
	const char *doing;
	double begun, part_begun; /* the latter: the search of this bound, counted from begun */
	struct headway headway;
	struct error *err;
};

/* What ends a search early: an enum explore_end, and this, as 0 lets it go on. */
#define ENDED 1

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Where the search is, and what is left of it. */
static void progress(struct exploring *x, double seconds)
{
	const struct explore_options *o = x->options;
	const double in = seconds - x->part_begun;
	struct headway_state state = {
		.doing = x->doing,
		.schedules = x->out->schedules,
		.streams = x->out->streams.nr,
		.seconds = seconds,
		.workers = o->workers,
		.done = x->bounded.done,
		.first = x->bounded.first,
		.of = x->bounded.of,
	};

	if (o->random)
		state.done = (double)x->out->schedules / o->random;
	if (state.done > 0)
		state.left = in * (1 - state.done) / state.done;
	headway_show(&x->headway, &state);
}

/* Is it time to end? */
static int limits(struct exploring *x)
{
	const struct explore_options *o = x->options;
	struct outcome *r = x->out;

	if (o->max_schedules && r->schedules >= o->max_schedules) {
		r->end = EXPLORE_LIMIT;
		return ENDED;
	}
	if (r->schedules % CLOCK_EVERY)
		return 0;
	if (signals_caught()) {
		r->end = EXPLORE_SIGNAL;
		return ENDED;
	}
	r->seconds = now() - x->begun;
	progress(x, r->seconds);
	if (o->seconds > 0 && r->seconds >= o->seconds) {
		r->end = EXPLORE_TIME;
		return ENDED;
	}
	return 0;
}

/* A schedule in which something is wrong. */
static int found(struct exploring *x, const struct schedule *schedule, const struct wrong *wrong)
{
	struct outcome *r = x->out;

	if (!r->wrong++) {
		r->first = *wrong;
		r->schedule = *schedule;
		r->switches_found = schedule->nr;
		r->found_seconds = now() - x->begun;
		r->found_after = r->schedules;
	}
	if (x->options->all)
		return 0;
	r->end = EXPLORE_FOUND;
	return ENDED;
}

/* What is known is not looked at again. */
static int look(struct exploring *x, const struct schedule *schedule, const struct attempt *attempt)
{
	struct event_stream stream;
	struct wrong wrong;
	uint64_t hash;
	size_t from;

	if (attempt->ending == ENDING_WHOLE) {
		if (x->engine->ops->events(x->engine, &stream, &from, x->err))
			return -1;
		hash = stream_hash(stream.event + from, stream.nr - from);
		if (!hashes_add(&x->out->streams, hash))
			return 0;
	}
	if (wrong_of(x->subject, x->engine, attempt, &wrong, x->err))
		return -1;
	return wrong.is ? found(x, schedule, &wrong) : 0;
}

static int told(void *ctx, const struct schedule *schedule, const struct attempt *attempt)
{
	struct exploring *x = ctx;
	int ret;

	x->out->schedules++;
	ret = look(x, schedule, attempt);
	return ret ? ret : limits(x);
}

static int by_bounds(struct exploring *x)
{
	char doing[32];
	int ret = 0;

	x->bounded = (struct bounded){ .engine = x->engine,
				       .told = told,
				       .ctx = x,
				       .shard = x->options->shard,
				       .shards = x->options->shards ? x->options->shards : 1 };
	x->doing = doing;
	for (unsigned int n = 0; n <= x->options->bound && !ret; n++) {
		const uint64_t before = x->out->schedules;

		snprintf(doing, sizeof(doing), "bound %u", n);
		x->part_begun = now() - x->begun;
		ret = bounded_search(&x->bounded, n, x->err);
		x->out->of_bound[n] = x->out->schedules - before;
		x->out->bounds += !ret;
	}
	x->out->not_so = x->bounded.not_so;
	x->bounded.done = 0;
	x->bounded.of = 0;
	return ret;
}

static int reduced(struct exploring *x)
{
	struct dpor d = { .engine = x->engine, .told = told, .ctx = x, .parks = 1 };
	int ret;

	x->doing = "unbounded";
	ret = dpor_search(&d, x->err);
	x->out->executions = d.executions;
	x->out->asleep = d.asleep;
	return ret;
}

static int at_random(struct exploring *x)
{
	struct pct p = { .engine = x->engine,
			 .told = told,
			 .ctx = x,
			 .seed = x->options->seed,
			 .depth = x->options->depth,
			 .schedules = x->options->random };

	x->doing = "random";
	return pct_search(&p, x->err);
}

static int search(struct exploring *x)
{
	int ret;

	if (x->options->random)
		return at_random(x);
	ret = by_bounds(x);
	/* It is not divided: the first part has it. */
	if (!ret && x->options->unbounded && !x->options->shard)
		ret = reduced(x);
	return ret;
}

int explore(const struct subject *subject, struct engine *engine,
	    const struct explore_options *options, struct outcome *out, struct error *err)
{
	struct exploring x = { .subject = subject,
			       .engine = engine,
			       .options = options,
			       .out = out,
			       .doing = "",
			       .begun = now(),
			       .headway = headway_to(options->progress),
			       .err = err };
	int ret;

	memset(out, 0, sizeof(*out));
	ret = search(&x);
	headway_end(&x.headway);
	out->seconds = now() - x.begun;
	if (ret < 0)
		return -1;
	return out->wrong ? shrink(subject, engine, &out->first, &out->schedule, &out->shrink_tried,
				   err)
			  : 0;
}
