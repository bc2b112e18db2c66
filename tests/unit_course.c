/* SPDX-License-Identifier: GPL-2.0-only */
/* Is a run a whole one? Streams of guests that ended early, and near misses. */
#include <string.h>

#include "base/backend.h"
#include "judge/course.h"
#include "stream.h"

#define BOOTED(cpu) EV(cpu, BOOT, PVTLB_BOOT_DONE)
#define UP(cpu)	    EV(cpu, CPU_UP, cpu)
#define BOTH_UP	    UP(1), UP(2)
#define FLUSH(cpu)  BEGIN(cpu), END(cpu)

STREAM(whole) = { BOTH_UP, TRIAL(0, 0), FLUSH(0), TRIAL(0, 1), TRIAL(1, 0), FLUSH(1), BOOTED(0) };
STREAM(never_done) = { BOTH_UP, TRIAL(0, 0), TRIAL(1, 0), EV(0, BOOT, PVTLB_BOOT_SCENARIO) };
STREAM(another_is_done) = { BOTH_UP, TRIAL(0, 0), TRIAL(1, 0), BOOTED(1) };
STREAM(goes_on) = { BOTH_UP, TRIAL(0, 0), BOOTED(0), TRIAL(1, 0) };
STREAM(one_trial) = { BOTH_UP, TRIAL(0, 0), TRIAL(0, 1), BOOTED(0) };
STREAM(trial_left_out) = { BOTH_UP, TRIAL(0, 0), TRIAL(2, 0), BOOTED(0) };
STREAM(trial_too_many) = { BOTH_UP, TRIAL(0, 0), TRIAL(1, 0), TRIAL(2, 0), BOOTED(0) };
STREAM(worker_counts) = { BOTH_UP, TRIAL(0, 0), EV(1, TRIAL, 1, 0), BOOTED(0) };
STREAM(no_trial) = { BOTH_UP, BOOTED(0) };
STREAM(one_missing) = { UP(2), TRIAL(0, 0), TRIAL(1, 0), BOOTED(0) };
STREAM(last_missing) = { UP(1), TRIAL(0, 0), TRIAL(1, 0), BOOTED(0) };
STREAM(none_up) = { TRIAL(0, 0), TRIAL(1, 0), BOOTED(0) };
STREAM(in_flush) = { BOTH_UP, TRIAL(0, 0), TRIAL(1, 0), BEGIN(2), BOOTED(0) };
STREAM(in_walk) = { BOTH_UP, TRIAL(0, 0), TRIAL(1, 0), GUP(1), BOOTED(0) };
STREAM(out_of_walk) = { BOTH_UP, TRIAL(0, 0), TRIAL(1, 0), GUP(1), NOTHING(1), BOOTED(0) };

static const struct course_case {
	const char *name;
	const struct pvtlb_event *event;
	size_t nr;
	uint32_t claims; /* 0: all */
	unsigned int stress, absent;
	bool one_offline, trace;
	const char *why; /* NULL: it is a whole run */
} cases[] = {
	CASE(whole),
	CASE(whole, .trace = true),
	CASE(never_done, .why = "CPU 0 did not come to its boot's end"),
	CASE(another_is_done, .why = "CPU 0 did not come to its boot's end"),
	CASE(another_is_done, .trace = true, .why = "did not come to its boot's end"),
	CASE(goes_on, .why = "a trial began (#5) after the boot's end (#4)"),
	CASE(one_trial, .why = "ran 1 of the 2 trials"),
	CASE(one_trial, .trace = true, .why = "ran 1 of the 2 trials"),
	CASE(one_trial, .stress = 3),
	CASE(one_trial, .claims = PVTLB_CLAIM_KEY),
	CASE(trial_left_out, .why = "ran 1 of the 2 trials"),
	CASE(trial_too_many, .why = "ran 3 of the 2 trials"),
	CASE(worker_counts, .why = "ran 1 of the 2 trials"),
	CASE(no_trial, .why = "ran 0 of the 2 trials"),
	CASE(no_trial, .stress = 3, .why = "ran 0 of the 1 trials"),
	CASE(no_trial, .claims = PVTLB_CLAIM_KEY),
	CASE(no_trial, .trace = true),
	CASE(one_missing, .why = "CPU 1 never came up"),
	CASE(one_missing, .trace = true, .why = "CPU 1 never came up"),
	CASE(one_missing, .one_offline = true, .why = "CPU 1 never came up"),
	CASE(last_missing, .why = "CPU 2 never came up"),
	CASE(last_missing, .one_offline = true),
	CASE(last_missing, .trace = true),
	CASE(none_up, .why = "CPU 1 never came up"),
	CASE(none_up, .trace = true),
	CASE(in_flush, .why = "CPU 2 was still in a flush (#5)"),
	CASE(in_walk, .why = "CPU 1 was still in a walk (#5)"),
	CASE(out_of_walk),
	CASE(whole, .absent = 2, .why = "CPU 2 had not arrived from its phase"),
};

static void is_whole(const struct course_case *c)
{
	const struct run_config config = { .cpus = 3, .trials = 2, .stress = c->stress };
	struct run_course course = { .absent = c->absent, .one_offline = c->one_offline };
	struct pvtlb_event event[16];
	const struct event_stream stream = { .event = event, .nr = c->nr };
	char why[128] = "";
	bool is_short;

	for (size_t i = 0; i < c->nr; i++) {
		event[i] = c->event[i];
		event[i].seq = i + 1;
	}
	course_follow(&course, &stream);
	is_short = course_is_short(&course, &config, c->claims ? c->claims : PVTLB_CLAIMS, c->trace,
				   why, sizeof(why));
	EXPECT(is_short == !!c->why, "%s: %s", c->name, why);
	EXPECT(!c->why || strstr(why, c->why), "%s: %s", c->name, why);
}

static void streams(void)
{
	for (size_t i = 0; i < NR_OF(cases); i++)
		is_whole(&cases[i]);
}

SUITE(unit_course, false, { "whole runs, and others", streams });
