/* SPDX-License-Identifier: GPL-2.0-only */
/* An event's line in a saved trace, read. */
#include <stdlib.h>
#include <string.h>

#include "events/lex.h"
#include "events/number.h"
#include "events/range.h"
#include "events/trace_event.h"
#include "events/value.h"

static int append(struct trace_reader *r, struct trace_run *run, const struct pvtlb_event *event)
{
	struct pvtlb_event *more;

	if (run->nr == EVENT_LOG_MAX)
		return lex_bad(r, "more than %u events in a run", EVENT_LOG_MAX);
	/* Room for a power of two, at least 64. */
	if (!run->nr || (run->nr >= 64 && !(run->nr & (run->nr - 1)))) {
		more = realloc(run->event, (run->nr ? 2 * run->nr : 64) * sizeof(*more));
		if (!more)
			return lex_bad(r, "no memory for more than %zu events", run->nr);
		run->event = more;
	}
	run->event[run->nr++] = *event;
	return 0;
}

static int parse_args(struct trace_reader *r, struct pvtlb_event *event, unsigned int cpus)
{
	const char *from[PVTLB_EVENT_ARGS];
	const struct event_arg *args = event_args[event->id];
	uint64_t *value = event->arg;
	char form[256];
	int bad;

	for (const struct event_arg *arg = args; arg->name; arg++) {
		const char *start = r->at;

		if (!lex_take(r, " ") || !lex_take(r, event_arg_label(arg)) || !lex_take(r, "=")) {
			r->at = start;
			return lex_expected(r, "' %s=' of %s", event_arg_label(arg),
					    event_names[event->id]);
		}
		from[arg - args] = r->at;
		if (!value_read(&r->at, arg->kind, value))
			return lex_expected(r, "%s=, as %s, of %s", event_arg_label(arg),
					    value_expected(arg->kind, form, sizeof(form)),
					    event_names[event->id]);
		value += arg->words;
	}
	bad = event_out_of_range(event, cpus);
	if (bad < 0)
		return 0;
	r->at = from[bad];
	return lex_expected(r, "%s=, %s, of %s", event_arg_label(&args[bad]),
			    range_text(args[bad].kind, cpus, form, sizeof(form)),
			    event_names[event->id]);
}

/* " @ FILE:LINE", if there is one. The name may have no ':', so the first one ends it. */
static int parse_source(struct trace_reader *r, struct trace_run *run, struct pvtlb_event *event)
{
	const char *start = r->at, *file = start + strlen(" @ ");
	size_t len;
	uint64_t line;

	if (!*r->at)
		return 0;
	if (!lex_take(r, " @ "))
		return lex_expected(r, "' @ ' and a line of source, or the end of the line");
	len = strcspn(file, ":");
	r->at += len;
	if (lex_take(r, ":") && number_take_decimal(&r->at, &line) && line <= UINT32_MAX)
		event->source = sources_number(&run->sources, file, len, line);
	if (event->source)
		return lex_end(r);
	r->at = start;
	if (run->sources.nr == SOURCES_MAX)
		return lex_expected(r, "one of the %u lines of source before it", SOURCES_MAX);
	return lex_expected(r, "' @ ' and a line of source, as guest/mm/gup.c:37");
}

int trace_event_read(struct trace_reader *r, struct trace_run *run)
{
	struct pvtlb_event event = { 0 };
	uint64_t last = run->nr ? run->event[run->nr - 1].seq : 0, cpu;
	const struct words names = { event_names, PVTLB_EV_NR };
	int id;

	if (lex_decimal(r, "an event's number", 1, UINT64_MAX, &event.seq))
		return -1;
	if (event.seq <= last)
		return lex_bad(r, "event #%llu does not come after #%llu",
			       (unsigned long long)event.seq, (unsigned long long)last);
	if (lex_need(r, " CPU ") || lex_decimal(r, "a CPU", 0, run->config.cpus - 1, &cpu) ||
	    lex_need(r, " "))
		return -1;
	id = lex_take_word(r, &names, " ");
	if (id < 0)
		return lex_expected(r, "the name of an event (see: pvtlb list)");
	event.id = id;
	event.cpu = cpu;
	if (parse_args(r, &event, run->config.cpus) || parse_source(r, run, &event))
		return -1;
	return append(r, run, &event);
}
