/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb explore`: every order of steps within a bound, for each configuration. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/signals.h"
#include "base/title.h"
#include "cli/command.h"
#include "cli/plan.h"
#include "cli/schedules.h"
#include "explore/stream.h"
#include "explore/workers.h"

#define BOUND	      2u
#define DEPTH	      3u
#define CPUS	      2u
#define CONFIRMATIONS 10u

struct exploration {
	const struct command_line *cl;
	const struct images *images;
	const struct host *host;
	struct explore_options options;
	int status;
	size_t ended;
};

/* "I/N", of which the first part is 0/N. */
static int take_shard(const char *word, struct explore_options *to, struct error *err)
{
	char more;

	if (!word)
		return 0;
	if (sscanf(word, "%u/%u%c", &to->shard, &to->shards, &more) == 2 && to->shards &&
	    to->shards <= 1000000 && to->shard < to->shards)
		return 0;
	return fail(
		err, STATUS_USAGE,
		"--shard: '%.80s' is not I/N, a part from 0 on and their number: 0/4 to 3/4, say",
		word);
}

static int take_options(const struct command_line *cl, struct explore_options *to,
			struct error *err)
{
	*to = (struct explore_options){
		.bound = cl->bound ? cl->bound : BOUND,
		.unbounded = cl->unbounded,
		.random = cl->random,
		.seed = cl->run.base.seed,
		.depth = cl->depth ? cl->depth : DEPTH,
		.max_schedules = cl->max_schedules,
		.seconds = cl->seconds,
		.all = cl->go_on,
		.progress = stderr,
	};
	if (cl->random && (cl->bound || cl->unbounded))
		return fail(err, STATUS_USAGE,
			    "--random is instead of --bound and --unbounded: leave "
			    "out one or the other");
	return take_shard(cl->shard, to, err);
}

static void say_searched(const struct outcome *o, const struct explore_options *options)
{
	printf("  %llu schedules", (unsigned long long)o->schedules);
	for (unsigned int n = 0; !options->random && n <= options->bound && o->of_bound[n]; n++)
		printf("%s%llu of %u switch%s", n ? ", " : ": ", (unsigned long long)o->of_bound[n],
		       n, n == 1 ? "" : "es");
	if (o->executions)
		printf(", %llu of any number (and %llu given up: others are the same)",
		       (unsigned long long)o->executions, (unsigned long long)o->asleep);
	printf("; %zu distinct streams; %.2f s, %.0f/s\n", o->streams.nr, o->seconds,
	       o->seconds > 0 ? o->schedules / o->seconds : 0);
}

/* What the outcome comes to, in words. */
static const char *verdict(const struct outcome *o, char *buf, size_t len)
{
	static const char *const ends[EXPLORE_ENDS] = {
		[EXPLORE_THROUGH] = "nothing wrong, all gone through",
		[EXPLORE_LIMIT] = "nothing wrong so far: --max-schedules is reached",
		[EXPLORE_TIME] = "nothing wrong so far: --time is over",
		[EXPLORE_SIGNAL] = "nothing wrong so far: told to stop",
	};

	if (!o->wrong)
		return ends[o->end];
	snprintf(buf, len, "%s in %u switch%s, found after %llu schedules, %.3f s",
		 wrong_name(&o->first), o->schedule.nr, o->schedule.nr == 1 ? "" : "es",
		 (unsigned long long)o->found_after, o->found_seconds);
	return buf;
}

static int write_schedule(const struct schedule_file *file, const char *path, struct error *err)
{
	FILE *to = fopen(path, "w");
	bool ok;

	if (!to)
		return fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
	schedule_write(to, file);
	ok = !ferror(to);
	if (fclose(to) || !ok)
		return fail(err, STATUS_FAIL, "%s: not all of it could be written", path);
	printf("  written: %s; again: pvtlb replay %s\n", path, path);
	return 0;
}

/* Run it once more in the engine that found it, for its stream and its events. */
static int show_finding(struct exploration *x, const struct subject *subject, struct engine *engine,
			struct outcome *o, uint64_t *stream, struct error *err)
{
	struct attempt *attempt = malloc(sizeof(*attempt));
	struct event_stream events;
	size_t from;
	int ret;

	if (!attempt)
		abort();
	ret = schedule_run(engine, &o->schedule, false, attempt, err) ||
	      wrong_of(subject, engine, attempt, &o->first, err) ||
	      engine->ops->events(engine, &events, &from, err);
	free(attempt);
	if (ret)
		return -1;
	*stream = stream_hash(events.event + from, events.nr - from);
	printf("  %s\n\n", o->first.text);
	return schedule_show(stdout, subject, engine, x->cl->trace, err);
}

/* On /dev/kvm, in machines of their own. */
static int confirm(struct exploration *x, const struct subject *subject,
		   const struct schedule_file *file, struct error *err)
{
	struct replays replays;
	struct engine engine;
	int ret;

	if (schedule_engine(&engine, true, x->host, x->images, &subject->config, err))
		return -1;
	ret = schedule_replay(&engine, subject, &file->schedule, file->stream, file->wrong,
			      CONFIRMATIONS, &replays, NULL, NULL, err);
	engine.ops->close(&engine);
	if (ret)
		return -1;
	printf("  on /dev/kvm: %u of %u %s, %u the same stream\n", replays.alike, replays.times,
	       file->wrong, replays.same);
	return 0;
}

static int finding(struct exploration *x, const struct subject *subject, struct engine *engine,
		   struct outcome *o, struct error *err)
{
	struct schedule_file *file = calloc(1, sizeof(*file));
	int ret;

	if (!file)
		abort();
	ret = show_finding(x, subject, engine, o, &file->stream, err);
	file->image = schedule_image(&x->images->image[subject->config.paravirt]);
	file->run.config = subject->config;
	file->run.claims = subject->claims;
	file->schedule = o->schedule;
	snprintf(file->wrong, sizeof(file->wrong), "%s", wrong_name(&o->first));
	if (!ret)
		ret = confirm(x, subject, file, err);
	if (!ret && x->cl->output)
		ret = write_schedule(file, x->cl->output, err);
	free(file);
	return ret;
}

static int search(struct exploration *x, const struct subject *subject, struct engine *engine,
		  struct error *err)
{
	struct outcome *o = calloc(1, sizeof(*o));
	char title[TITLE_MAX], buf[128];
	int ret;

	if (!o)
		abort();
	ret = x->cl->jobs > 1
		      ? explore_in_workers(subject, engine, &x->options, x->cl->jobs, o, err)
		      : explore(subject, engine, &x->options, o, err);
	if (!ret) {
		printf("%s: %s\n", config_title(&subject->config, title),
		       verdict(o, buf, sizeof(buf)));
		say_searched(o, &x->options);
		if (o->wrong)
			ret = finding(x, subject, engine, o, err);
		fflush(stdout);
	}
	if (!ret && (o->wrong || o->end == EXPLORE_SIGNAL))
		fail(err, STATUS_FAIL, "%s", "");
	outcome_free(o);
	free(o);
	return ret;
}

static void explore_config(struct exploration *x, const struct run_config *config)
{
	struct run_result *result = result_get();
	struct error err = { 0 };
	struct engine engine;
	char title[TITLE_MAX];

	if (run_possible(x->host, x->images, config, result)) {
		const struct subject subject = { .config = result->config,
						 .claims = result->claims };

		if (!schedule_engine(&engine, x->cl->engine && !strcmp(x->cl->engine, "kvm"),
				     x->host, x->images, &subject.config, &err)) {
			search(x, &subject, &engine, &err);
			engine.ops->close(&engine);
		}
		x->status = status_merge(x->status, err.status, !x->ended++);
	} else {
		printf("%s: not explored: %s\n", config_title(config, title),
		       result->judgement.why);
		x->status = status_merge(x->status, result->status, !x->ended++);
	}
	result_put(result);
	if (err.text[0])
		complain(&err);
}

static int explore_all(struct exploration *x)
{
	struct run_options options = x->cl->run;
	struct error err = { 0 };
	struct plan plan;

	options.host = x->host;
	run_options_usual(&options);
	if (!options_given(x->cl, "cpus")) {
		options.cpus[0] = CPUS;
		options.nr_cpus = 1;
	}
	if (plan_make(&plan, x->images, &options, &err))
		return complain(&err);
	if (x->cl->output && plan.nr > 1)
		fail(&err, STATUS_USAGE,
		     "--output is for one configuration, and these options make "
		     "%zu; name one scenario, one --backend, one --policy",
		     plan.nr);
	for (size_t i = 0; i < plan.nr && !err.status && !signals_caught(); i++)
		explore_config(x, &plan.config[i]);
	if (!plan.nr)
		fail(&err, STATUS_SKIP, "explore: these options leave nothing to explore");
	plan_free(&plan);
	return err.status ? complain(&err) : x->status;
}

int cmd_explore(const struct command_line *cl, const struct images *images)
{
	struct exploration x = { .cl = cl, .images = images };
	struct error err = { 0 };
	struct host host;
	int status;

	if (!cl->nr_words)
		fail(&err, STATUS_USAGE, "explore: no scenario named; see: pvtlb list");
	if (err.status || take_options(cl, &x.options, &err) || host_open(&host, cl->kvm, &err))
		return complain(&err);
	x.host = &host;
	status = explore_all(&x);
	host_close(&host);
	return status;
}
