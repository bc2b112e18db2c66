/* SPDX-License-Identifier: GPL-2.0-only */
/* Dynamic partial-order reduction with source sets and sleep sets, one step of one process at a
 * time. */
#include <stdlib.h>
#include <string.h>

#include "explore/dpor.h"
#include "explore/dpor_step.h"

static uint8_t proc_of(void *ctx, uint32_t step)
{
	const struct walk *w = ctx;

	return w->node[step].event.proc;
}

static bool before(const struct walk *w, uint32_t earlier, uint32_t later)
{
	return w->node[later].clock.of[w->node[earlier].event.proc] >= earlier + 1;
}

/*
 * The steps behind `earlier` that do not come after it, and the latest one: an order in which the
 * latest one is made first begins with these. Whose first one among them has none of the others
 * before it? A set of processes.
 */
static uint32_t initials(const struct walk *w, uint32_t earlier)
{
	const unsigned int procs = 2 * w->engine->cpus;
	uint32_t first[STEP_PROCS], seen = 0, set = 0;

	for (uint32_t i = earlier + 1; i <= w->depth; i++) {
		const uint8_t proc = w->node[i].event.proc;
		bool is_first = true;

		if (seen >> proc & 1 || (i < w->depth && before(w, earlier, i)))
			continue;
		for (unsigned int p = 0; p < procs && is_first; p++)
			is_first = !(seen >> p & 1) || !before(w, first[p], i);
		first[proc] = i;
		seen |= 1u << proc;
		if (is_first)
			set |= 1u << proc;
	}
	return set;
}

/* The latest step could have come before the earlier one: some order in which it does is to be. */
static void reverse(struct walk *w, uint32_t earlier)
{
	struct node *n = &w->node[earlier];
	const uint32_t me = 1u << w->node[w->depth].event.proc;
	uint32_t set;

	if (!n->in_window && !w->d->all)
		return;
	set = initials(w, earlier) & n->enabled;
	if (set & n->backtrack)
		return;
	/* Nobody looked: then it need not have been taken away. */
	if (!set && w->node[w->depth].event.proc >= w->engine->cpus)
		return;
	/* Nobody could: it was this step that let them. Whatever else could be. */
	if (!set)
		n->backtrack |= n->enabled;
	else
		n->backtrack |= set & me ? me : set & -set;
}

/* Another CPU that can run is about to look whether this one is parked. */
static bool is_looked_at(const struct walk *w, unsigned int cpu, uint32_t ready)
{
	for (unsigned int other = 0; other < w->engine->cpus; other++)
		if (other != cpu && ready >> other & 1 && w->stands[other] &&
		    w->before[other].word == w->parked_word[cpu])
			return true;
	return false;
}

/*
 * Who can make a step: CPUs that can run, and the hypervisor, by taking away one of them. It does
 * that just before somebody looks: a CPU that is taken away makes no step till it is back, so that
 * being taken away sooner comes to the same.
 */
static uint32_t enabled(const struct walk *w, uint32_t ready, bool in_window)
{
	const struct engine *engine = w->engine;
	uint32_t set = ready;

	for (unsigned int cpu = 0; engine->can_park && cpu < engine->cpus; cpu++)
		if (!(w->parked >> cpu & 1) && w->parks[cpu] < w->d->parks &&
		    (in_window || w->d->all) && is_looked_at(w, cpu, ready))
			set |= 1u << (engine->cpus + cpu);
	return set;
}

/* The processes that are the hypervisor's. */
static uint32_t parks_of(const struct walk *w)
{
	return ((1u << w->engine->cpus) - 1) << w->engine->cpus;
}

/* The state that the execution is in: as it was the last time, or a new one. */
static int look_around(struct walk *w, struct node *n, uint32_t set, bool in_window)
{
	const uint32_t may = set & ~w->sleep;
	uint32_t choice;

	if (w->depth < w->len) {
		if (n->enabled != set)
			return fail(w->err, STATUS_FAIL,
				    "the same steps led to another state: step %u, processes that "
				    "can go on 0x%x, before 0x%x",
				    w->depth, set, n->enabled);
		w->sleep = n->sleep;
		for (unsigned int p = 0; w->sleep >> p; p++)
			if (w->sleep >> p & 1)
				w->slept[p] = n->slept[p];
		return 0;
	}
	choice = may >> w->cpu & 1 ? w->cpu : (uint32_t)__builtin_ctz(may);
	n->enabled = set;
	/* It is about to be looked for: that is a race, which no execution has shown so far. */
	n->backtrack = w->d->plain ? set : 1u << choice | (set & ~w->sleep & parks_of(w));
	n->done = 0;
	n->sleep = w->sleep;
	n->in_window = in_window;
	n->event.proc = choice;
	for (unsigned int p = 0; w->sleep >> p; p++)
		if (w->sleep >> p & 1)
			n->slept[p] = w->slept[p];
	return 0;
}

/* Whoever slept goes on to sleep if the step did not touch what it would. */
static void wake(struct walk *w, const struct step_event *event)
{
	for (unsigned int p = 0; w->sleep >> p; p++)
		if (w->sleep >> p & 1 &&
		    (p == event->proc || step_events_conflict(&w->slept[p], event)))
			w->sleep &= ~(1u << p);
}

/* 1: there was a step; 0: the execution is over, at w->ended or asleep; -1 with err. */
static int step(struct walk *w)
{
	struct engine *engine = w->engine;
	const bool in_window = engine->ops->in_window(engine);
	const uint32_t ready = engine_ready(engine), set = enabled(w, ready, in_window);
	struct node *n = &w->node[w->depth];
	unsigned int proc;

	if (!ready) {
		deadlock_tell(engine, w->attempt);
		w->ended = true;
		return 0;
	}
	if (w->depth >= w->len && !(set & ~w->sleep))
		return 0;
	if (look_around(w, n, set, in_window))
		return -1;
	proc = n->event.proc;
	if (proc >= engine->cpus ? step_park(w, proc - engine->cpus, ready, &n->event)
				 : step_run(w, proc, ready, &n->event))
		return -1;
	n->done |= 1u << proc;
	if (!w->d->plain) {
		hb_step(w->hb, &n->event, w->depth, proc_of, w, &n->clock, &w->races);
		for (unsigned int i = 0; i < w->races.nr; i++)
			reverse(w, w->races.step[i]);
		wake(w, &n->event);
	}
	if (++w->depth == DEPTH_MAX) {
		w->attempt->ending = ENDING_ENDLESS;
		w->ended = true;
	}
	return !w->ended;
}

static int execute(struct walk *w)
{
	int ret;

	w->depth = w->sleep = w->parked = w->cpu = 0;
	w->irqs_on = ~0u;
	w->ended = false;
	memset(w->stands, 0, sizeof(w->stands));
	memset(w->waits, 0, sizeof(w->waits));
	memset(w->passed, 0, sizeof(w->passed));
	memset(w->parks, 0, sizeof(w->parks));
	w->attempt->nr = w->attempt->points = 0;
	w->attempt->why[0] = 0;
	hb_begin(w->hb, 2 * w->engine->cpus);
	if (w->engine->ops->begin(w->engine, false, w->err))
		return -1;
	for (unsigned int cpu = 0; w->engine->can_park && cpu < w->engine->cpus; cpu++)
		w->parked_word[cpu] =
			as_touched(w, (struct step_access){ .word = w->engine->ops->parked_word(
								    w->engine, cpu) })
				.word;
	do
		ret = step(w);
	while (ret > 0);
	return ret;
}

/* The deepest state that has a choice left; what was chosen there sleeps from now on. */
static bool backtrack(struct walk *w)
{
	for (uint32_t i = w->depth; i-- > 0;) {
		struct node *n = &w->node[i];
		uint32_t left;

		if (!w->d->plain) {
			n->sleep |= 1u << n->event.proc;
			n->slept[n->event.proc] = n->event;
		}
		left = n->backtrack & ~n->done & ~n->sleep;
		if (!left)
			continue;
		n->event.proc = __builtin_ctz(left);
		w->len = i + 1;
		return true;
	}
	return false;
}

/* An execution that came to an end. */
static int tell(struct walk *w, struct schedule *schedule)
{
	w->d->executions++;
	if (!schedule_of(w->attempt, w->engine->cpus, schedule))
		return fail(w->err, STATUS_FAIL, "more than %u switches in an execution",
			    SCHEDULE_MAX);
	return w->d->told(w->d->ctx, schedule, w->attempt);
}

static void *room(size_t nr, size_t size)
{
	void *p = calloc(nr, size);

	if (!p)
		abort();
	return p;
}

int dpor_search(struct dpor *d, struct error *err)
{
	struct schedule *schedule = room(1, sizeof(*schedule));
	struct walk w = { .d = d,
			  .engine = d->engine,
			  .err = err,
			  .attempt = room(1, sizeof(*w.attempt)),
			  .hb = room(1, sizeof(*w.hb)),
			  .node = room(DEPTH_MAX, sizeof(*w.node)) };
	int ret;

	do {
		w.again = false;
		ret = execute(&w);
		if (!ret && w.again) {
			w.len = w.depth = 0;
			continue;
		}
		if (!ret && w.ended)
			ret = tell(&w, schedule);
		else if (!ret)
			d->asleep++;
	} while (!ret && (w.again || backtrack(&w)));
	hashes_free(&w.filled);
	free(schedule);
	free(w.attempt);
	free(w.hb);
	free(w.node);
	return ret;
}
