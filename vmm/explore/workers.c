/* SPDX-License-Identifier: GPL-2.0-only */
/* Workers: forked, with a pipe each to tell what came of their part. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/signals.h"
#include "explore/workers.h"

#define WORKERS_MAX 64u

struct worker {
	pid_t pid; /* 0: it has ended */
	int from;
};

/* In the child: what came of it, behind an error that has status 0 if there was none. */
static void work(const struct subject *subject, struct engine *engine,
		 const struct explore_options *options, struct outcome *out, int to)
{
	struct error err = { 0 };

	/* Nobody would hear of it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (explore(subject, engine, options, out, &err) && !err.status)
		fail(&err, STATUS_FAIL, "a worker could not go on");
	if (write(to, &err, sizeof(err)) == sizeof(err) && !err.status)
		outcome_send(to, out);
	_exit(0);
}

static int begin(struct worker *w, const struct subject *subject, struct engine *engine,
		 const struct explore_options *options, struct outcome *out, struct error *err)
{
	int fds[2];

	if (pipe(fds))
		return fail(err, STATUS_FAIL, "no pipe to a worker: %s", strerror(errno));
	w->pid = fork();
	if (!w->pid) {
		close(fds[0]);
		work(subject, engine, options, out, fds[1]);
	}
	close(fds[1]);
	w->from = fds[0];
	if (w->pid > 0)
		return 0;
	close(fds[0]);
	w->pid = 0;
	return fail(err, STATUS_FAIL, "no process for a worker: %s", strerror(errno));
}

/* What a worker says, once it says something. */
static void take(struct worker *w, struct outcome *out, bool *any, struct error *err)
{
	struct outcome *part = malloc(sizeof(*part)); /* large */
	struct error his = { 0 };

	if (!part)
		abort();

	if (read(w->from, &his, sizeof(his)) != sizeof(his))
		fail(err, STATUS_FAIL, "a worker ended without a word");
	else if (his.status)
		fail(err, his.status, "%s", his.text);
	else if (outcome_receive(w->from, part))
		fail(err, STATUS_FAIL, "a worker's report was cut off: %s", strerror(errno));
	else if (!*any) {
		*out = *part;
		*any = true;
	} else {
		outcome_merge(out, part);
		outcome_free(part);
	}
	free(part);
}

static void end(struct worker *w, bool now)
{
	if (!w->pid)
		return;
	if (now)
		kill(w->pid, SIGKILL);
	close(w->from);
	while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
}

/* Until all have told, one has failed, or one has found what is asked for. */
static void gather(struct worker *worker, unsigned int nr, bool all, struct outcome *out,
		   struct error *err)
{
	bool any = false;

	for (unsigned int left = nr; left && !err->status;) {
		struct pollfd fd[WORKERS_MAX];
		int n;

		for (unsigned int i = 0; i < nr; i++)
			fd[i] = (struct pollfd){ .fd = worker[i].pid ? worker[i].from : -1,
						 .events = POLLIN };
		n = poll(fd, nr, -1);
		if (n < 0 && errno != EINTR)
			fail(err, STATUS_FAIL, "poll: %s", strerror(errno));
		for (unsigned int i = 0; n < 0 && signals_caught() && i < nr; i++)
			if (worker[i].pid)
				kill(worker[i].pid, SIGTERM);
		for (unsigned int i = 0; n > 0 && i < nr; i++) {
			if (fd[i].fd < 0 || !fd[i].revents)
				continue;
			take(&worker[i], out, &any, err);
			end(&worker[i], false);
			left--;
		}
		if (any && out->wrong && !all)
			break;
	}
}

/* One worker's part of so many, all parts of which come to just that. */
static uint64_t share(uint64_t of, unsigned int worker, unsigned int nr)
{
	return of / nr + (worker < of % nr);
}

int explore_in_workers(const struct subject *subject, struct engine *engine,
		       const struct explore_options *options, unsigned int workers,
		       struct outcome *out, struct error *err)
{
	const unsigned int shards = options->shards ? options->shards : 1;
	struct worker worker[WORKERS_MAX] = { 0 };
	unsigned int nr = workers > WORKERS_MAX ? WORKERS_MAX : workers;

	memset(out, 0, sizeof(*out));
	/* A part of nothing would be no limit. */
	if (options->random && nr > options->random)
		nr = (unsigned int)options->random;
	if (options->max_schedules && nr > options->max_schedules)
		nr = (unsigned int)options->max_schedules;
	for (unsigned int i = 0; i < nr && !err->status; i++) {
		struct explore_options part = *options;

		part.shards = shards * nr;
		part.shard = options->shard + shards * i;
		part.random = share(options->random, i, nr);
		part.max_schedules = share(options->max_schedules, i, nr);
		part.workers = nr;
		part.seed = options->seed + i;
		part.progress = i ? NULL : options->progress;
		begin(&worker[i], subject, engine, &part, out, err);
	}
	if (!err->status)
		gather(worker, nr, options->all, out, err);
	for (unsigned int i = 0; i < nr; i++)
		end(&worker[i], true);
	return err->status ? -1 : 0;
}
