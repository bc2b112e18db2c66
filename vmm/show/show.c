/* SPDX-License-Identifier: GPL-2.0-only */
/* A run to be shown: judged, as pvtlb check does. */
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
