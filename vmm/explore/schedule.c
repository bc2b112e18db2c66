/* SPDX-License-Identifier: GPL-2.0-only */
/* A schedule, run on an engine turn by turn. */
#include <stdio.h>
#include <string.h>

#include "explore/schedule.h"

uint32_t engine_ready(struct engine *engine)
{
	uint32_t ready = 0;

	for (unsigned int cpu = 0; cpu < engine->cpus; cpu++)
		ready |= (uint32_t)engine->ops->can_run(engine, cpu) << cpu;
	return ready;
}

int schedule_usual(unsigned int cpus, unsigned int cpu, uint32_t ready)
{
	for (unsigned int i = 1; i <= cpus; i++)
		if (ready >> (cpu + i) % cpus & 1)
			return (cpu + i) % cpus;
	return -1;
}

void deadlock_tell(struct engine *engine, struct attempt *out)
{
	size_t len = 0;

	out->ending = ENDING_DEADLOCK;
	for (unsigned int cpu = 0; cpu < engine->cpus && len < sizeof(out->why); cpu++) {
		uint32_t for_cpu = cpu;
		uint64_t word = 0;

		if (!engine->ops->waits(engine, cpu, &word, &for_cpu))
			continue;
		len += snprintf(out->why + len, sizeof(out->why) - len,
				"%sCPU %u waits for the word at 0x%llx", len ? "; " : "", cpu,
				(unsigned long long)word);
		if (for_cpu != cpu && len < sizeof(out->why))
			len += snprintf(out->why + len, sizeof(out->why) - len, ", of CPU %u",
					for_cpu);
	}
}

/* A run under way. */
struct course {
	struct engine *engine;
	const struct schedule *schedule;
	struct attempt *out;
	unsigned int cpu, next; /* who runs; the next switch */
	uint32_t passed[STEP_MAX_CPUS];
	bool hold_irqs, still, by_switch;
};

/* The switch that is next is about this CPU, at this place or further on. */
static const struct sched_switch *ahead(const struct course *c)
{
	const struct sched_switch *sw = &c->schedule->sw[c->next];

	return c->next < c->schedule->nr && sw->cpu == c->cpu && sw->at >= c->passed[c->cpu] ? sw
											     : NULL;
}

static struct made_turn *turn_begin(struct course *c)
{
	const struct sched_switch *sw = ahead(c);
	struct made_turn *made = &c->out->made[c->out->nr++];

	*made = (struct made_turn){
		.turn = { .cpu = c->cpu,
			  .until = sw && !(sw->how & SWITCH_AT_WAIT) ? sw->at : STEP_NO_END,
			  .park = sw && sw->how & SWITCH_PARK,
			  .hold_irqs = c->hold_irqs,
			  .still = c->still },
		.from = c->passed[c->cpu],
		.ready = engine_ready(c->engine),
		.by_switch = c->by_switch,
	};
	for (unsigned int cpu = 0; cpu < c->engine->cpus; cpu++) {
		uint32_t for_cpu;

		if (!c->engine->ops->waits(c->engine, cpu, &made->waits[cpu], &for_cpu))
			made->waits[cpu] = 0;
		made->irqs |= (uint32_t)c->engine->ops->irq_pending(c->engine, cpu) << cpu;
	}
	return made;
}

/* Who is next, after a turn that came to no end of the trial. False: the attempt is over. */
static bool turn_end(struct course *c, const struct made_turn *made)
{
	const struct sched_switch *sw = ahead(c);
	uint32_t ready = engine_ready(c->engine);
	int usual;

	c->hold_irqs = c->still = c->by_switch = false;
	if (sw && sw->at == c->passed[c->cpu] &&
	    !(sw->how & SWITCH_AT_WAIT) == (made->stop != STEP_STOP_SPIN)) {
		/* Who waits can be taken away all the same. */
		if (!(ready >> sw->to & 1) && !(sw->how & SWITCH_STILL)) {
			c->out->ending = ENDING_NOT_SO;
			return false;
		}
		c->cpu = sw->to;
		c->hold_irqs = sw->how & SWITCH_HOLD_IRQS;
		c->still = sw->how & SWITCH_STILL;
		c->by_switch = true;
		c->next++;
		return true;
	}
	if (made->stop == STEP_STOP_POINT && ready >> c->cpu & 1)
		return true;
	usual = schedule_usual(c->engine->cpus, c->cpu, ready);
	if (usual < 0) {
		deadlock_tell(c->engine, c->out);
		return false;
	}
	c->cpu = usual;
	return true;
}

int schedule_run(struct engine *engine, const struct schedule *schedule, bool fresh,
		 struct attempt *out, struct error *err)
{
	struct course c = { .engine = engine, .schedule = schedule, .out = out };

	out->nr = out->points = 0;
	out->why[0] = 0;
	if (engine->ops->begin(engine, fresh, err))
		return -1;
	for (;;) {
		struct made_turn *made;
		struct step_result result;

		if (out->nr == MADE_MAX || out->points > ATTEMPT_MAX_POINTS) {
			out->ending = ENDING_ENDLESS;
			snprintf(out->why, sizeof(out->why),
				 "%u turns and %u points, and the trial is not over", out->nr,
				 out->points);
			return 0;
		}
		made = turn_begin(&c);
		if (engine->ops->run(engine, &made->turn, &result, err))
			return -1;
		made->passed = result.passed;
		made->stop = result.stop;
		made->sent = result.sent;
		c.passed[made->turn.cpu] += result.passed;
		out->points += result.passed;
		if (result.stop == STEP_STOP_TRIAL) {
			out->ending = c.next == schedule->nr ? ENDING_WHOLE : ENDING_NOT_SO;
			return 0;
		}
		if (result.stop == STEP_STOP_FAILED) {
			out->ending = ENDING_FAILED;
			snprintf(out->why, sizeof(out->why), "%s", engine->failure);
			return 0;
		}
		if (!turn_end(&c, made))
			return 0;
	}
}

bool schedule_of(const struct attempt *attempt, unsigned int cpus, struct schedule *out)
{
	out->nr = 0;
	if (attempt->nr && attempt->made[0].turn.cpu)
		out->sw[out->nr++] = (struct sched_switch){
			.to = attempt->made[0].turn.cpu,
			.how = attempt->made[0].turn.still ? SWITCH_STILL : 0,
		};
	for (uint32_t i = 0; i + 1 < attempt->nr; i++) {
		const struct made_turn *made = &attempt->made[i], *then = made + 1;

		if (made->stop == STEP_STOP_SPIN && !made->turn.park && !then->turn.hold_irqs &&
		    schedule_usual(cpus, made->turn.cpu, then->ready) == (int)then->turn.cpu)
			continue;
		if (out->nr == SCHEDULE_MAX)
			return false;
		out->sw[out->nr++] = (struct sched_switch){
			.cpu = made->turn.cpu,
			.to = then->turn.cpu,
			.how = (made->turn.park ? SWITCH_PARK : 0) |
			       (made->stop == STEP_STOP_SPIN ? SWITCH_AT_WAIT : 0) |
			       (then->turn.still ? SWITCH_STILL : 0) |
			       (then->turn.hold_irqs ? SWITCH_HOLD_IRQS : 0),
			.at = made->from + made->passed,
		};
	}
	return true;
}
