/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of a `pvtlb run`. */
#include <stdio.h>
#include <unistd.h>

#include "base/backend.h"
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

void session_run(struct session *s, const struct run_config *config, struct run_result *result)
{
	progress(s, config);
	run_one(s->host, s->images, config, &s->files, result);
	progress(s, NULL);
	if (result->status == STATUS_HANG || (result->status && signals_caught()))
		fprintf(stderr, "pvtlb: %s\n", result->judgement.why);
}
