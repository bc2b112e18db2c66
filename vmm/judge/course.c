/* SPDX-License-Identifier: GPL-2.0-only */
/* How far a guest has come: is its run a whole one? */
#include <stdio.h>
#include <string.h>

#include "base/cpuset.h"
#include "judge/course.h"
#include "pvtlb/image.h"

#define CPUS (64 * PVTLB_CPUSET_WORDS)

/* What a CPU is in: the events that it began with. */
struct doing {
	uint64_t flush, walk;
};

static void follow(struct run_course *course, struct doing *doing, const struct pvtlb_event *e)
{
	switch (e->id) {
	case PVTLB_EV_BOOT:
		if (e->boot.step == PVTLB_BOOT_DONE && !e->cpu)
			course->done = e->seq;
		break;
	case PVTLB_EV_CPU_UP:
		course->any_up = true;
		cpuset_add(&course->up, e->cpu);
		break;
	case PVTLB_EV_TRIAL:
		course->any_trial = true;
		if (course->done && !course->beyond)
			course->beyond = e->seq;
		if (!e->cpu && e->trial.trial == course->trials)
			course->trials++;
		break;
	case PVTLB_EV_FLUSH_BEGIN:
		doing->flush = e->seq;
		break;
	case PVTLB_EV_FLUSH_END:
		doing->flush = 0;
		break;
	case PVTLB_EV_WALK_BEGIN:
		doing->walk = e->seq;
		break;
	case PVTLB_EV_WALK_END:
		doing->walk = 0;
		break;
	}
}

void course_follow(struct run_course *course, const struct event_stream *stream)
{
	struct doing doing[CPUS] = { 0 };

	for (size_t i = 0; i < stream->nr; i++)
		if (stream->event[i].cpu < CPUS)
			follow(course, &doing[stream->event[i].cpu], &stream->event[i]);
	for (unsigned int cpu = 0; cpu < CPUS && !course->open.begin; cpu++) {
		course->open.cpu = cpu;
		course->open.what = doing[cpu].flush ? "flush" : "walk";
		course->open.begin = doing[cpu].flush ? doing[cpu].flush : doing[cpu].walk;
	}
}

/* CPU 0 is up before it could say so. Returns the first one that is not, or cpus. */
static unsigned int first_missing(const struct run_course *course, unsigned int cpus,
				  bool last_may_be_off)
{
	unsigned int cpu;

	for (cpu = 1; cpu < cpus; cpu++)
		if (!cpuset_has(&course->up, cpu) && !(cpu == cpus - 1 && last_may_be_off))
			break;
	return cpu;
}

/* Is the number of trials wrong? The key alone is looked at outside of any trial. */
static bool wrong_trials(const struct run_course *course, const struct run_config *config,
			 uint32_t claims, bool from_trace)
{
	if (!(claims & (PVTLB_CLAIM_DELIVERED | PVTLB_CLAIM_SAFE)))
		return false;
	if (from_trace && !course->any_trial)
		return false;
	return config->stress ? !course->trials : course->trials != config->trials;
}

bool course_is_short(const struct run_course *course, const struct run_config *config,
		     uint32_t claims, bool from_trace, char *why, size_t len)
{
	bool hand_made = from_trace && !course->any_up;
	unsigned int missing =
		first_missing(course, config->cpus, from_trace || course->one_offline);

	if (!course->done)
		snprintf(why, len, "the guest ended early: CPU 0 did not come to its boot's end");
	else if (course->beyond)
		snprintf(why, len, "a trial began (#%llu) after the boot's end (#%llu)",
			 (unsigned long long)course->beyond, (unsigned long long)course->done);
	else if (wrong_trials(course, config, claims, from_trace))
		snprintf(why, len, "the guest ran %u of the %u trials asked for", course->trials,
			 config->stress ? 1 : config->trials);
	else if (missing < config->cpus && !hand_made)
		snprintf(why, len, "CPU %u never came up", missing);
	else if (course->open.begin)
		snprintf(why, len, "CPU %u was still in a %s (#%llu) when the guest ended",
			 course->open.cpu, course->open.what,
			 (unsigned long long)course->open.begin);
	else if (course->absent)
		snprintf(why, len, "CPU %u had not arrived from its phase when the guest ended",
			 course->absent);
	else
		return false;
	return true;
}
