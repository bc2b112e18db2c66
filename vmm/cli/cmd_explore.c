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
#include "cli/explored.h"
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
	json_t *list; /* for a program, at the end; NULL: in words, at once */
	int status;
	size_t ended;
};

static bool on_kvm(const struct command_line *cl)
{
	return cl->engine && !strcmp(cl->engine, "kvm");
}

/* "I/N", of which the first part is 0/N. */
static int take_shard(const char *word, struct explore_options *to, struct error *err)
{
	const size_t part = word ? strspn(word, "0123456789") : 0;
	const char *of = word ? word + part + 1 : "";
	const size_t parts = part && word[part] ? strspn(of, "0123456789") : 0;

	if (!word)
		return 0;
	if (part && part < 8 && word[part] == '/' && parts && parts < 8 && !of[parts]) {
		to->shard = strtoul(word, NULL, 10);
		to->shards = strtoul(of, NULL, 10);
		if (to->shards <= SHARDS_MAX && to->shard < to->shards)
			return 0;
	}
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
	if (cl->depth && !cl->random)
		return fail(err, STATUS_USAGE,
			    "--depth is of schedules at random: give --random, "
			    "too");
	if (cl->random && cl->shard)
		return fail(err, STATUS_USAGE,
			    "--shard divides what is gone through in order; of --random give each "
			    "part another --seed");
	if (cl->jobs > 1 && on_kvm(cl))
		return fail(err, STATUS_USAGE,
			    "--jobs and --engine kvm exclude each other: a machine is one "
			    "process's; --shard divides among several");
	return take_shard(cl->shard, to, err);
}

static void write_schedule(FILE *to, const void *file)
{
	schedule_write(to, file);
}

/* Run it once more in the engine that found it, for its stream and its events. */
static int tell(struct exploration *x, const struct subject *subject, struct engine *engine,
		struct outcome *o, struct schedule_file *file, FILE *story, struct error *err)
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
	file->stream = stream_hash(events.event + from, events.nr - from);
	return schedule_show(story, subject, engine, x->cl->trace, err);
}

/* On /dev/kvm, in machines of their own. */
static int confirm(struct exploration *x, const struct subject *subject,
		   const struct schedule_file *file, struct replays *replays, struct error *err)
{
	struct engine engine;
	int ret;

	if (schedule_engine(&engine, true, x->host, x->images, &subject->config, err))
		return -1;
	ret = schedule_replay(&engine, subject, &file->schedule, file->stream, file->wrong,
			      CONFIRMATIONS, replays, NULL, NULL, err);
	engine.ops->close(&engine);
	return ret;
}

static int finding(struct exploration *x, const struct subject *subject, struct engine *engine,
		   struct outcome *o, json_t *e, struct error *err)
{
	struct schedule_file *file = calloc(1, sizeof(*file));
	struct replays replays = { 0 };
	char *story = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&story, &len);
	int ret;

	if (!file || !to)
		abort();
	ret = tell(x, subject, engine, o, file, to, err);
	if (fclose(to))
		abort();
	file->image = schedule_image(&x->images->image[subject->config.paravirt]);
	file->run.config = subject->config;
	file->run.claims = subject->claims;
	file->schedule = o->schedule;
	snprintf(file->wrong, sizeof(file->wrong), "%s", wrong_name(&o->first));
	if (!ret)
		ret = confirm(x, subject, file, &replays, err);
	if (!ret)
		explored_finding(e, o, file, story, &replays);
	if (!ret && x->cl->output)
		ret = schedule_save(x->cl->output, write_schedule, file, err);
	free(story);
	free(file);
	return ret;
}

static int search(struct exploration *x, const struct subject *subject, struct engine *engine,
		  json_t *e, struct error *err)
{
	struct outcome *o = calloc(1, sizeof(*o));
	int ret;

	if (!o)
		abort();
	ret = x->cl->jobs > 1
		      ? explore_in_workers(subject, engine, &x->options, x->cl->jobs, o, err)
		      : explore(subject, engine, &x->options, o, err);
	if (!ret)
		explored_outcome(e, o, x->cl->shard);
	if (!ret && o->wrong)
		ret = finding(x, subject, engine, o, e, err);
	outcome_free(o);
	free(o);
	return ret;
}

/* Said at once, or kept for the end. The object is taken. Returns its exit status. */
static int conclude(struct exploration *x, json_t *e)
{
	char why[200];
	struct explored *explored = explored_read(e, why, sizeof(why));
	int status;

	if (!explored)
		abort();
	status = explored_status(explored);
	if (!x->list) {
		explored_say(stdout, explored);
		if (explored->outcome.wrong && x->cl->output)
			printf("  written: %s; again: pvtlb replay %s\n", x->cl->output,
			       x->cl->output);
		fflush(stdout);
	} else {
		json_array_append(x->list, e);
	}
	explored_free(explored);
	json_decref(e);
	return status;
}

static int run_search(struct exploration *x, const struct run_result *result, json_t *e,
		      struct error *err)
{
	const struct subject subject = { .config = result->config, .claims = result->claims };
	struct engine engine;
	int ret;

	if (schedule_engine(&engine, on_kvm(x->cl), x->host, x->images, &subject.config, err))
		return -1;
	ret = search(x, &subject, &engine, e, err);
	engine.ops->close(&engine);
	return ret;
}

static void explore_config(struct exploration *x, const struct run_config *config)
{
	struct run_result *result = result_get();
	struct error err = { 0 };
	json_t *e = explored_new(config, schedule_image(&x->images->image[config->paravirt]),
				 &x->options);
	char title[TITLE_MAX];
	int status;

	if (!run_possible(x->host, x->images, config, result)) {
		explored_skipped(e, result->judgement.why);
		conclude(x, e);
		status = result->status;
	} else if (!run_search(x, result, e, &err)) {
		status = conclude(x, e);
	} else {
		json_decref(e);
		fprintf(stderr, "pvtlb: %s:\n", config_title(config, title));
		status = complain(&err);
	}
	x->status = status_merge(x->status, status, !x->ended++);
	result_put(result);
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

	if (cl->merge)
		return explored_merge(cl);
	if (!cl->nr_words)
		fail(&err, STATUS_USAGE, "explore: no scenario named; see: pvtlb list");
	if (err.status || take_options(cl, &x.options, &err) || host_open(&host, cl->kvm, &err))
		return complain(&err);
	x.host = &host;
	x.list = cl->json ? json_array() : NULL;
	status = explore_all(&x);
	if (x.ended && x.list && explored_print(json_incref(x.list), stdout, &err))
		status = complain(&err);
	json_decref(x.list);
	host_close(&host);
	return status;
}
