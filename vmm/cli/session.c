/* SPDX-License-Identifier: GPL-2.0-only */
/* The runs of a `pvtlb run`, one by one. */
#include <stdio.h>
#include <unistd.h>

#include "base/backend.h"
#include "base/patience.h"
#include "base/signals.h"
#include "cli/session.h"

/*
 * Which run it is, for somebody who waits; config NULL: none. The carriage return at its end
 * leaves the line to whatever comes next.
 */
static void progress(struct session *s, const struct run_config *config)
{
	char text[72] = "";

	if (!s->progress || !isatty(STDERR_FILENO))
		return;
	if (config)
		snprintf(text, sizeof(text), "%zu/%zu: %s, %s/%s", s->begun, s->plan.nr,
			 config->scenario, config->backend->name, config->backend->provider);
	fprintf(stderr, "%-*s\r", (int)sizeof(text) - 1, text);
}

/* What somebody who waits has to know at once. */
static void say_how_it_ended(const struct run_result *result)
{
	if (result->status == STATUS_HANG || (result->status && signals_caught()))
		fprintf(stderr, "pvtlb: %s\n", result->judgement.why);
}

/* So many side by side. */
static unsigned int jobs_of(const struct session *s)
{
	return s->cl->jobs < s->plan.nr ? s->cl->jobs : s->plan.nr;
}

int session_prepare(const struct session *s, struct error *err)
{
	return jobs_of(s) < 2 ? 0 : crew_make_room(&s->plan, jobs_of(s), err);
}

int session_start(struct session *s, struct error *err)
{
	s->begin = seconds_now();
	if (jobs_of(s) < 2)
		return 0;
	s->crew = crew_start(s->host, s->images, &s->plan, jobs_of(s), s->files.trace, err);
	return s->crew ? 0 : -1;
}

bool session_next(struct session *s, struct run_result *result)
{
	const struct run_config *config = &s->plan.config[s->begun];
	bool is = s->begun < s->plan.nr;

	if (!is || (!s->crew && signals_caught()))
		return false;
	s->begun++;
	progress(s, config);
	if (s->crew)
		is = crew_next(s->crew, &s->files, result);
	else
		run_one(s->host, s->images, config, &s->files, result);
	progress(s, NULL);
	if (is)
		say_how_it_ended(result);
	return is;
}

void session_run(struct session *s, const struct run_config *config, struct run_result *result)
{
	progress(s, config);
	if (s->crew)
		crew_run(s->crew, config, &s->files, result);
	else
		run_one(s->host, s->images, config, &s->files, result);
	progress(s, NULL);
	say_how_it_ended(result);
}

void session_stop(struct session *s)
{
	if (s->crew)
		crew_end(s->crew);
	s->crew = NULL;
}

double session_seconds(const struct session *s, double totals)
{
	return s->cl->jobs > 1 ? seconds_now() - s->begin : totals;
}
