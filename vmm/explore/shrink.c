/* SPDX-License-Identifier: GPL-2.0-only */
/* Leaving out switches, and moving them, as long as the same goes wrong. */
#include <stdlib.h>
#include <string.h>

#include "explore/shrink.h"

struct shrinking {
	const struct subject *subject;
	struct engine *engine;
	const struct wrong *wrong;
	struct schedule *best;
	uint32_t points, turns; /* of the best one */
	struct schedule candidate;
	struct attempt attempt;
	uint64_t tried;
	struct error *err;
};

/* Does the same go wrong in the candidate, and is it smaller? -1 with err. */
static int try(struct shrinking *s)
{
	struct wrong now;

	s->tried++;
	if (schedule_run(s->engine, &s->candidate, false, &s->attempt, s->err))
		return -1;
	if (s->attempt.ending == ENDING_NOT_SO)
		return 0;
	if (wrong_of(s->subject, s->engine, &s->attempt, &now, s->err))
		return -1;
	if (!wrong_alike(&now, s->wrong))
		return 0;
	if (s->candidate.nr == s->best->nr &&
	    (s->attempt.points > s->points ||
	     (s->attempt.points == s->points && s->attempt.nr >= s->turns)))
		return 0;
	*s->best = s->candidate;
	s->points = s->attempt.points;
	s->turns = s->attempt.nr;
	return 1;
}

/* Without `nr` switches from `at` on. */
static int leave_out(struct shrinking *s, uint32_t at, uint32_t nr)
{
	s->candidate = *s->best;
	memmove(&s->candidate.sw[at], &s->candidate.sw[at + nr],
		(s->candidate.nr - at - nr) * sizeof(*s->candidate.sw));
	s->candidate.nr -= nr;
	return try(s);
}

/* Large pieces first, as a search without a bound finds long schedules. */
static int fewer(struct shrinking *s)
{
	int ret = 0;

	for (uint32_t nr = s->best->nr; nr; nr /= 2) {
		for (uint32_t at = 0; at + nr <= s->best->nr;) {
			ret = leave_out(s, at, nr);
			if (ret < 0)
				return ret;
			at += !ret;
		}
	}
	return 0;
}

/* A switch that is made without what it does besides. */
static int plainer(struct shrinking *s)
{
	for (uint32_t i = 0; i < s->best->nr; i++) {
		s->candidate = *s->best;
		s->candidate.sw[i].how &= SWITCH_AT_WAIT;
		if (s->candidate.sw[i].how == s->best->sw[i].how)
			continue;
		/* It is no shorter, but there is less in it. */
		s->points++;
		if (try(s) < 0)
			return -1;
		if (s->best->sw[i].how != s->candidate.sw[i].how)
			s->points--;
	}
	return 0;
}

/* How far a switch is moved. */
#define MOVES 32u

static int earlier(struct shrinking *s)
{
	for (uint32_t i = 0; i < s->best->nr; i++) {
		const uint32_t at = s->best->sw[i].at;

		for (uint32_t by = at < MOVES ? at : MOVES; by; by--) {
			int ret;

			s->candidate = *s->best;
			s->candidate.sw[i].at = at - by;
			ret = try(s);
			if (ret < 0)
				return ret;
			if (ret)
				break;
		}
	}
	return 0;
}

int shrink(const struct subject *subject, struct engine *engine, const struct wrong *wrong,
	   struct schedule *schedule, uint64_t *tried, struct error *err)
{
	struct shrinking *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		abort();
	s->subject = subject;
	s->engine = engine;
	s->wrong = wrong;
	s->best = schedule;
	s->err = err;
	s->points = s->turns = UINT32_MAX;
	ret = fewer(s);
	if (!ret)
		ret = plainer(s);
	if (!ret)
		ret = earlier(s);
	*tried = s->tried;
	free(s);
	return ret;
}
