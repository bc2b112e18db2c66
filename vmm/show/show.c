/* SPDX-License-Identifier: GPL-2.0-only */
/* A run to be shown: judged, as pvtlb check does. */
#include <stdio.h>

#include "judge/check.h"
#include "show/show.h"

void shown_make(struct shown *s, const struct trace_run *run)
{
	s->run = run;
	s->stream = trace_stream(run);
	check_run(run, &s->facts, &s->judgement);
	s->violation = s->judgement.verdict == VERDICT_UNKNOWN ?
			       NULL :
			       claims_violated(run->claims, &s->facts.findings);
	sync_skipper(&run->config, &s->facts, s->skipped_by, sizeof(s->skipped_by));
}

const char *shown_title(const struct shown *s, char buf[SHOWN_TITLE_MAX])
{
	const struct run_config *c = &s->run->config;
	char title[TITLE_MAX];

	snprintf(buf, SHOWN_TITLE_MAX, "%s, the key is %s%s: %s", config_title(c, title),
		 s->facts.key.value ? "on" : "off", c->key == KEY_AUTO ? "" : " (forced)",
		 verdict_names[s->judgement.verdict]);
	return buf;
}
