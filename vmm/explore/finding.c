/* SPDX-License-Identifier: GPL-2.0-only */
/* What goes wrong in a trial, by the judgement that every run gets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/finding.h"
#include "judge/check.h"

/* As the guest said when it decided. */
static enum trace_key key_of(const struct event_stream *stream)
{
	enum trace_key key = TRACE_KEY_UNREAD;

	for (size_t i = 0; i < stream->nr; i++)
		if (stream->event[i].id == PVTLB_EV_KEY)
			key = stream->event[i].key.enabled ? TRACE_KEY_ON : TRACE_KEY_OFF;
	return key;
}

int subject_run(const struct subject *subject, struct engine *engine, struct trace_run *out,
		struct error *err)
{
	struct event_stream stream;
	size_t from;

	if (engine->ops->events(engine, &stream, &from, err))
		return -1;
	*out = (struct trace_run){
		.config = subject->config,
		.claims = subject->claims,
		.key = key_of(&stream),
		.event = (struct pvtlb_event *)stream.event,
		.nr = stream.nr,
		.complete = true,
		.events = stream.nr,
		.last = stream.nr,
		.lost = stream.lost,
		.malformed = stream.malformed,
	};
	if (stream.sources)
		out->sources = *stream.sources;
	return 0;
}

/* The sentence of its first violation. */
static void violated(struct wrong *out, const struct violation *v)
{
	*out = (struct wrong){ .is = true, .kind = v->kind };
	violation_text(v, out->text, sizeof(out->text));
}

int wrong_of(const struct subject *subject, struct engine *engine, const struct attempt *attempt,
	     struct wrong *out, struct error *err)
{
	struct run_facts *facts;
	struct judgement judgement;
	struct trace_run run;
	const struct violation *v;

	*out = (struct wrong){ .is = false };
	engine->spoilt = attempt->ending != ENDING_WHOLE && attempt->ending != ENDING_NOT_SO;
	if (attempt->ending != ENDING_WHOLE) {
		out->is = attempt->ending != ENDING_NOT_SO;
		out->ending = attempt->ending;
		snprintf(out->text, sizeof(out->text), "%s", attempt->why);
		return 0;
	}
	if (subject_run(subject, engine, &run, err))
		return -1;
	facts = malloc(sizeof(*facts));
	if (!facts)
		abort();
	check_run(&run, facts, &judgement);
	v = claims_violated(subject->claims, &facts->findings);
	if (v)
		violated(out, v);
	engine->spoilt = v;
	free(facts);
	return 0;
}

bool wrong_alike(const struct wrong *a, const struct wrong *b)
{
	return a->is == b->is && a->ending == b->ending && a->kind == b->kind;
}

const char *wrong_name(const struct wrong *wrong)
{
	static const char *const names[] = {
		[ENDING_NOT_SO] = "none",
		[ENDING_DEADLOCK] = "deadlock",
		[ENDING_FAILED] = "panic",
		[ENDING_ENDLESS] = "no-end",
	};

	return wrong->ending == ENDING_WHOLE ? violation_names[wrong->kind] : names[wrong->ending];
}
