/* SPDX-License-Identifier: GPL-2.0-only */
/* Random priorities, changed at random points. */
#include <stdlib.h>
#include <string.h>

#include "explore/pct.h"

#define DEPTH_MAX 16u

/* One execution: who goes before whom, and where that changes. */
struct drawn {
	uint32_t priority[STEP_MAX_CPUS]; /* the higher the sooner; all different */
	uint32_t change[DEPTH_MAX];	  /* points of all CPUs together; in order */
	bool park[DEPTH_MAX];
	unsigned int nr, next;
};

/* splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void draw(const struct pct *p, uint64_t *state, struct drawn *d)
{
	const unsigned int cpus = p->engine->cpus;

	d->nr = p->depth > 1 ? p->depth - 1 : 0;
	d->next = 0;
	for (unsigned int i = 0; i < cpus; i++)
		d->priority[i] = DEPTH_MAX + i;
	for (unsigned int i = cpus; i-- > 1;) {
		const unsigned int k = next_random(state) % (i + 1);
		const uint32_t was = d->priority[i];

		d->priority[i] = d->priority[k];
		d->priority[k] = was;
	}
	for (unsigned int i = 0; i < d->nr; i++) {
		d->change[i] = 1 + next_random(state) % (p->points ? p->points : 1);
		d->park[i] = p->engine->can_park && next_random(state) & 1;
	}
	qsort(d->change, d->nr, sizeof(*d->change), by_number);
}

/* Of those that can run, the one that is to; -1: none. */
static int foremost(const struct drawn *d, uint32_t ready)
{
	int best = -1;

	for (unsigned int cpu = 0; cpu < STEP_MAX_CPUS; cpu++)
		if (ready >> cpu & 1 && (best < 0 || d->priority[cpu] > d->priority[best]))
			best = cpu;
	return best;
}

/* Run it into the attempt. 0, or -1 with err. */
static int run_drawn(struct pct *p, struct drawn *d, struct attempt *a, struct error *err)
{
	struct engine *engine = p->engine;
	uint32_t passed[STEP_MAX_CPUS] = { 0 };

	a->nr = a->points = 0;
	a->why[0] = 0;
	if (engine->ops->begin(engine, false, err))
		return -1;
	for (;;) {
		const uint32_t ready = engine_ready(engine);
		const int cpu = foremost(d, ready);
		const bool to_change = d->next < d->nr;
		struct step_turn turn = { .until = STEP_NO_END };
		struct step_result result;
		struct made_turn *made;

		if (cpu < 0) {
			deadlock_tell(engine, a);
			return 0;
		}
		if (a->nr == MADE_MAX || a->points > ATTEMPT_MAX_POINTS) {
			a->ending = ENDING_ENDLESS;
			return 0;
		}
		turn.cpu = cpu;
		if (to_change)
			turn.until = passed[cpu] + (d->change[d->next] > a->points
							    ? d->change[d->next] - a->points
							    : 1);
		turn.park = to_change && d->park[d->next];
		made = &a->made[a->nr++];
		*made = (struct made_turn){ .turn = turn, .from = passed[cpu], .ready = ready };
		if (engine->ops->run(engine, &turn, &result, err))
			return -1;
		made->passed = result.passed;
		made->stop = result.stop;
		passed[cpu] += result.passed;
		a->points += result.passed;
		if (result.stop == STEP_STOP_TRIAL || result.stop == STEP_STOP_FAILED) {
			a->ending = result.stop == STEP_STOP_TRIAL ? ENDING_WHOLE : ENDING_FAILED;
			snprintf(a->why, sizeof(a->why), "%s",
				 a->ending == ENDING_FAILED ? engine->failure : "");
			return 0;
		}
		if (result.stop == STEP_STOP_POINT && to_change) {
			d->priority[cpu] = d->nr - d->next;
			d->next++;
		}
	}
}

int pct_search(struct pct *p, struct error *err)
{
	struct attempt *attempt = malloc(sizeof(*attempt));
	struct schedule *schedule = malloc(sizeof(*schedule));
	uint64_t state = p->seed;
	int ret = 0;

	if (!attempt || !schedule)
		abort();
	if (p->depth > DEPTH_MAX)
		p->depth = DEPTH_MAX;
	for (uint64_t i = 0; i < p->schedules && !ret; i++) {
		struct drawn d;

		draw(p, &state, &d);
		ret = run_drawn(p, &d, attempt, err);
		if (!ret && attempt->points > p->points)
			p->points = attempt->points;
		if (!ret && schedule_of(attempt, p->engine->cpus, schedule))
			ret = p->told(p->ctx, schedule, attempt);
	}
	free(attempt);
	free(schedule);
	return ret;
}
