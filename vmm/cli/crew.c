/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs side by side: threads that take the plan's configurations in order, each a run at a time. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/shortage.h"
#include "base/signals.h"
#include "cli/crew.h"

/* How far runs may be ahead of the one that is reported, for each of those side by side. */
#define AHEAD 2u

/* A run from its beginning until it is taken. */
struct slot {
	bool done;
	struct run_result result;
	/* What it has said, and its events. */
	char *console, *trace;
	size_t console_len, trace_len;
};

struct crew {
	const struct host *host;
	const struct images *images;
	const struct plan *plan;
	bool traced;
	unsigned int jobs, nr_threads;
	pthread_t thread[JOBS_MAX];

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	size_t begun, taken;		    /* runs of the plan */
	unsigned int running;		    /* now; with those that are not the plan's */
	bool alone;			    /* one of these has to be */
	bool over;			    /* none is to begin any more */
	struct slot slot[JOBS_MAX * AHEAD]; /* run i is in [i % (jobs * AHEAD)] */
};

/* --- who may run: under the lock --- */

static bool has_room(const struct crew *crew, const struct run_config *config)
{
	if (crew_is_alone(crew->host, crew->images, config))
		return !crew->running;
	return crew->running < crew->jobs && !crew->alone;
}

static void enter(struct crew *crew, const struct run_config *config)
{
	crew->running++;
	crew->alone = crew_is_alone(crew->host, crew->images, config);
}

static void leave(struct crew *crew)
{
	crew->running--;
	crew->alone = false;
	pthread_cond_broadcast(&crew->changed);
}

static struct slot *slot_of(struct crew *crew, size_t i)
{
	return &crew->slot[i % (crew->jobs * AHEAD)];
}

static bool may_begin(const struct crew *crew)
{
	return crew->begun < crew->taken + crew->jobs * AHEAD &&
	       has_room(crew, &crew->plan->config[crew->begun]);
}

static bool is_over(const struct crew *crew)
{
	return crew->over || crew->begun == crew->plan->nr || signals_caught();
}

/* --- a thread --- */

static FILE *in_memory(char **text, size_t *len)
{
	FILE *to = open_memstream(text, len);

	if (!to)
		abort();
	return to;
}

static void run_slot(const struct crew *crew, const struct run_config *config, struct slot *slot)
{
	struct run_files files = { 0 };

	files.console = in_memory(&slot->console, &slot->console_len);
	if (crew->traced)
		files.trace = in_memory(&slot->trace, &slot->trace_len);
	run_one(crew->host, crew->images, config, &files, &slot->result);
	if (fclose(files.console) || (files.trace && fclose(files.trace)))
		abort();
}

static void *work(void *ctx)
{
	struct crew *crew = ctx;

	pthread_mutex_lock(&crew->lock);
	while (!is_over(crew)) {
		const struct run_config *config = &crew->plan->config[crew->begun];
		struct slot *slot = slot_of(crew, crew->begun);

		if (!may_begin(crew)) {
			pthread_cond_wait(&crew->changed, &crew->lock);
			continue;
		}
		crew->begun++;
		*slot = (struct slot){ 0 };
		enter(crew, config);
		pthread_mutex_unlock(&crew->lock);
		run_slot(crew, config, slot);
		pthread_mutex_lock(&crew->lock);
		slot->done = true;
		leave(crew);
	}
	/* Whoever waits for a run that does not begin any more. */
	pthread_cond_broadcast(&crew->changed);
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

static int start_threads(struct crew *crew)
{
	sigset_t old;
	int ret = 0;

	signals_to_main(&old);
	while (crew->nr_threads < crew->jobs && !ret) {
		ret = pthread_create(&crew->thread[crew->nr_threads], NULL, work, crew);
		crew->nr_threads += !ret;
	}
	signals_restore(&old);
	return ret;
}

struct crew *crew_start(const struct host *host, const struct images *images,
			const struct plan *plan, unsigned int jobs, bool traced, struct error *err)
{
	struct crew *crew;
	int ret;

	crew = calloc(1, sizeof(*crew));
	if (!crew)
		abort();
	crew->host = host;
	crew->images = images;
	crew->plan = plan;
	crew->traced = traced;
	crew->jobs = jobs;
	pthread_mutex_init(&crew->lock, NULL);
	pthread_cond_init(&crew->changed, NULL);
	ret = start_threads(crew);
	if (!ret)
		return crew;
	fail_errno(err, STATUS_FAIL, ret, "-j %u: cannot start as many threads", jobs);
	crew_end(crew);
	return NULL;
}

/* --- the main thread --- */

static void slot_empty(struct slot *slot, const struct run_files *files)
{
	if (files && files->console)
		fwrite(slot->console, 1, slot->console_len, files->console);
	if (files && files->trace)
		fwrite(slot->trace, 1, slot->trace_len, files->trace);
	free(slot->console);
	free(slot->trace);
}

bool crew_next(struct crew *crew, const struct run_files *files, struct run_result *result)
{
	struct slot *slot = slot_of(crew, crew->taken);
	bool begun;

	pthread_mutex_lock(&crew->lock);
	while ((begun = crew->taken < crew->begun) ? !slot->done : !is_over(crew))
		pthread_cond_wait(&crew->changed, &crew->lock);
	pthread_mutex_unlock(&crew->lock);
	if (!begun)
		return false;
	slot_empty(slot, files);
	*result = slot->result;
	pthread_mutex_lock(&crew->lock);
	crew->taken++;
	pthread_cond_broadcast(&crew->changed);
	pthread_mutex_unlock(&crew->lock);
	return true;
}

void crew_run(struct crew *crew, const struct run_config *config, const struct run_files *files,
	      struct run_result *result)
{
	pthread_mutex_lock(&crew->lock);
	while (!has_room(crew, config))
		pthread_cond_wait(&crew->changed, &crew->lock);
	enter(crew, config);
	pthread_mutex_unlock(&crew->lock);
	run_one(crew->host, crew->images, config, files, result);
	pthread_mutex_lock(&crew->lock);
	leave(crew);
	pthread_mutex_unlock(&crew->lock);
}

void crew_end(struct crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	crew->over = true;
	pthread_cond_broadcast(&crew->changed);
	pthread_mutex_unlock(&crew->lock);
	for (unsigned int i = 0; i < crew->nr_threads; i++)
		pthread_join(crew->thread[i], NULL);
	for (; crew->taken < crew->begun; crew->taken++) {
		struct slot *slot = slot_of(crew, crew->taken);

		slot_empty(slot, NULL);
		run_result_free(&slot->result);
	}
	pthread_mutex_destroy(&crew->lock);
	pthread_cond_destroy(&crew->changed);
	free(crew);
}
