/* SPDX-License-Identifier: GPL-2.0-only */
/* Every schedule of so many switches. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "explore/bounded.h"

static void add(struct candidates *to, struct sched_switch sw)
{
	to->sw = grow(to->sw, to->nr, sizeof(*to->sw));
	to->sw[to->nr++] = sw;
}

/* A switch in each way that there is. */
static void add_ways(struct candidates *to, const struct engine *engine, struct sched_switch sw,
		     bool irq)
{
	const uint8_t how = sw.how;

	for (unsigned int park = 0; park <= engine->can_park; park++) {
		for (unsigned int hold = 0; hold <= (irq && engine->can_hold_irqs); hold++) {
			sw.how = how | (park ? SWITCH_PARK : 0) | (hold ? SWITCH_HOLD_IRQS : 0);
			add(to, sw);
		}
	}
}

/*
 * From which place in the turn on another CPU can run, as points that the turn's own CPU has
 * passed; STEP_NO_END: from none. What it waits for has to be written before, or else it is
 * interrupted, which may be at any place.
 */
static uint32_t ready_from(const struct made_turn *made, unsigned int cpu,
			   const struct step_access *passed)
{
	/*
	 * Before it has done anything it need not have been its turn; but for CPU 0, which begins,
	 * and where it takes an interrupt.
	 */
	const bool begins = made->irqs >> made->turn.cpu & 1 || (!made->from && !made->turn.cpu);
	const uint32_t first = made->from + !begins, last = made->from + made->passed;

	if (made->ready >> cpu & 1 || made->sent >> cpu & 1)
		return first;
	for (uint32_t at = first; at <= last; at++)
		if (at > made->from && passed[at - 1].kind != STEP_READ &&
		    passed[at - 1].word == made->waits[cpu])
			return at;
	return STEP_NO_END;
}

/* In the middle of a turn: somebody else goes on. */
static void preemptions(struct candidates *to, struct engine *engine, const struct made_turn *made)
{
	const struct step_access *passed;
	const uint32_t cpu = made->turn.cpu;
	uint32_t nr, last = made->from + made->passed;

	passed = engine->ops->passed(engine, cpu, &nr);
	/* Behind its last access it waits, or the trial is over: there is no point. */
	if (made->stop != STEP_STOP_POINT) {
		if (!made->passed)
			return;
		last--;
	}
	for (unsigned int other = 0; other < engine->cpus; other++) {
		if (other == cpu)
			continue;
		/* It had its turn for nothing but to be taken away. */
		if (engine->can_park && made->by_switch && made->ready >> other & 1)
			add(to, (struct sched_switch){ .cpu = cpu,
						       .to = other,
						       .at = made->from,
						       .how = SWITCH_PARK });
		for (uint32_t at = ready_from(made, other, passed); at <= last; at++)
			add_ways(to, engine,
				 (struct sched_switch){ .cpu = cpu, .to = other, .at = at },
				 (made->irqs | made->sent) >> other & 1);
	}
}

/* Where a CPU waited: another one than the usual, or the same in another way. */
static void choices(struct candidates *to, struct engine *engine, const struct made_turn *made,
		    const struct made_turn *then)
{
	for (unsigned int other = 0; other < engine->cpus; other++) {
		struct sched_switch sw = { .cpu = made->turn.cpu,
					   .to = other,
					   .how = SWITCH_AT_WAIT,
					   .at = made->from + made->passed };
		size_t before = to->nr;

		if (!(then->ready >> other & 1) || other == made->turn.cpu)
			continue;
		add_ways(to, engine, sw, then->irqs >> other & 1);
		/* That one is the usual order. */
		if (other == then->turn.cpu) {
			to->nr--;
			memmove(&to->sw[before], &to->sw[before + 1],
				(to->nr - before) * sizeof(*to->sw));
		}
	}
}

void candidates_of(const struct attempt *attempt, struct engine *engine, struct candidates *out)
{
	uint32_t first = 0;

	*out = (struct candidates){ 0 };
	for (uint32_t i = 0; i < attempt->nr; i++)
		if (attempt->made[i].by_switch)
			first = i;
	for (uint32_t i = first; i < attempt->nr; i++) {
		const struct made_turn *made = &attempt->made[i];

		preemptions(out, engine, made);
		if (made->stop == STEP_STOP_SPIN && i + 1 < attempt->nr)
			choices(out, engine, made, made + 1);
	}
}

/* A search under way, with what is large. */
struct dive {
	struct bounded *b;
	struct attempt *attempt;
	struct schedule schedule;
	uint64_t leaf;
	unsigned int switches;
	double share; /* of all, that is below the schedule: each switch's as much as another's */
	struct error *err;
};

static int run_it(struct dive *d)
{
	return schedule_run(d->b->engine, &d->schedule, false, d->attempt, d->err);
}

/* A schedule of the length that is searched. */
static int leaf(struct dive *d)
{
	if (d->leaf++ % d->b->shards != d->b->shard)
		return 0;
	if (run_it(d))
		return -1;
	if (d->attempt->ending == ENDING_NOT_SO) {
		d->b->not_so++;
		return 0;
	}
	return d->b->told(d->b->ctx, &d->schedule, d->attempt);
}

static int dive(struct dive *d)
{
	const double done = d->b->done, share = d->share;
	struct candidates next;
	int ret = 0;

	if (d->schedule.nr == d->switches)
		return leaf(d);
	if (run_it(d))
		return -1;
	/* What goes wrong with fewer switches was told before. */
	if (d->attempt->ending == ENDING_NOT_SO)
		return 0;
	candidates_of(d->attempt, d->b->engine, &next);
	if (!d->schedule.nr)
		d->b->of = next.nr;
	for (size_t i = 0; i < next.nr && !ret; i++) {
		if (!d->schedule.nr)
			d->b->first = i + 1;
		d->schedule.sw[d->schedule.nr++] = next.sw[i];
		d->b->done = done + share * i / next.nr;
		d->share = share / next.nr;
		ret = dive(d);
		d->schedule.nr--;
	}
	d->share = share;
	free(next.sw);
	return ret;
}

int bounded_search(struct bounded *b, unsigned int switches, struct error *err)
{
	struct dive *d = calloc(1, sizeof(*d)); /* a schedule is large */
	int ret;

	b->done = 0;
	b->first = b->of = 0;
	if (!d)
		abort();
	d->b = b;
	d->switches = switches;
	d->share = 1;
	d->err = err;
	d->attempt = malloc(sizeof(*d->attempt));
	if (!d->attempt)
		abort();
	ret = dive(d);
	free(d->attempt);
	free(d);
	return ret;
}
