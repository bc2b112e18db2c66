/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces: writing a run's events, and reading them back. Nothing in a file is trusted. */
#include <stdlib.h>
#include <string.h>

#include "base/signals.h"
#include "events/lex.h"
#include "events/number.h"
#include "events/trace_event.h"
#include "events/trace_head.h"
#include "events/tracefile.h"

#define HEAD "# pvtlb-trace "
#define END  "# end"

/* --- writing --- */

void trace_write(FILE *to, const struct trace_run *run)
{
	struct trace_words head = trace_head_words(), end = trace_end_words();

	fprintf(to, HEAD "%u", TRACE_VERSION);
	trace_words_write(to, run, &head);
	fputc('\n', to);
	for (size_t i = 0; i < run->nr; i++)
		event_print(to, &run->event[i], &run->sources);
	fputs(END, to);
	trace_words_write(to, run, &end);
	if (run->failed[0]) {
		fputs(" failed: ", to);
		trace_text_write(to, run->failed, ' ');
	}
	fputc('\n', to);
}

/* --- reading: a run --- */

static int parse_head(struct trace_reader *r, struct trace_run *run)
{
	struct trace_words head = trace_head_words();
	uint64_t version;

	if (!lex_take(r, HEAD))
		return lex_expected(r, "'" HEAD "%u ...', the head of a run", TRACE_VERSION);
	if (lex_decimal(r, "the version", 0, UINT32_MAX, &version))
		return -1;
	if (version != TRACE_VERSION)
		return lex_bad(r, "a trace of version %llu; this pvtlb reads version %u",
			       (unsigned long long)version, TRACE_VERSION);
	if (trace_words_read(r, run, &head))
		return -1;
	if (lex_take(r, " "))
		return trace_words_wrong(r, &head, NULL);
	return lex_end(r);
}

/* Every number up to the last one is an event's, lost, or was taken and never used. */
static int check_counts(struct trace_reader *r, const struct trace_run *run)
{
	uint64_t last = run->nr ? run->event[run->nr - 1].seq : 0;

	if (run->nr > run->events)
		return lex_bad(r, "events=%llu, but there are %zu", (unsigned long long)run->events,
			       run->nr);
	if (run->last < last)
		return lex_bad(r, "last=%llu, but there is an event #%llu",
			       (unsigned long long)run->last, (unsigned long long)last);
	if (run->events > run->last || run->lost > run->last - run->events ||
	    run->unused != run->last - run->events - run->lost)
		return lex_bad(r, "events, lost and unused do not add up to last");
	if (!run->failed[0] && run->key == TRACE_KEY_UNREAD)
		return lex_bad(r, "a run that came to its end has key=on or key=off in its head");
	return 0;
}

static int parse_end(struct trace_reader *r, struct trace_run *run)
{
	struct trace_words end = trace_end_words();

	if (trace_words_read(r, run, &end))
		return -1;
	if (lex_take(r, " failed: ")) {
		if (!*r->at || strlen(r->at) >= sizeof(run->failed))
			return lex_expected(r, "a reason of 1 to %zu characters",
					    sizeof(run->failed) - 1);
		strcpy(run->failed, r->at);
	} else if (lex_take(r, " ")) {
		return trace_words_wrong(r, &end, NULL);
	}
	run->complete = true;
	return check_counts(r, run);
}

/* Events up to the end line, or up to where the file ends without one. */
static int read_body(struct trace_reader *r, struct trace_run *run)
{
	for (;;) {
		enum line line = lex_line(r);

		if (line == LINE_BAD)
			return -1;
		if (signals_caught())
			return lex_bad(r, "ended by signal %d", signals_caught());
		run->last_line = line == LINE_WHOLE ? r->line : r->line - 1;
		if (line != LINE_WHOLE)
			return 0;
		if (lex_take(r, "#") && number_is_digit(*r->at)) {
			if (trace_event_read(r, run))
				return -1;
			continue;
		}
		r->at = r->text;
		if (lex_take(r, END))
			return parse_end(r, run);
		return lex_expected(r, "an event or the end line of the run of line %lu",
				    run->first_line);
	}
}

int trace_read(struct trace_reader *r, struct trace_run *run)
{
	*run = (struct trace_run){ 0 };
	switch (lex_line(r)) {
	case LINE_NONE:
		return 0;
	case LINE_BAD:
		return -1;
	case LINE_CUT:
		return lex_bad(r, "the file ends within this line");
	case LINE_WHOLE:
		break;
	}
	run->first_line = r->line;
	if (!parse_head(r, run) && !read_body(r, run))
		return 1;
	trace_run_free(run);
	return -1;
}

void trace_run_free(struct trace_run *run)
{
	free(run->event);
	sources_free(&run->sources);
	run->event = NULL;
	run->nr = 0;
}

void trace_reader_init(struct trace_reader *r, FILE *from, const char *name, struct error *err)
{
	*r = (struct trace_reader){ .from = from, .err = err };
	for (size_t i = 0; name[i] && i < sizeof(r->name) - 1; i++)
		r->name[i] = lex_printable(name[i]) ? name[i] : '?';
}

struct event_stream trace_stream(const struct trace_run *run)
{
	/* Without an end line nobody knows how many; there is at least what the guest did last. */
	uint64_t lost = run->complete ? run->lost + (run->events - run->nr) : 1;

	return (struct event_stream){
		.event = run->event,
		.nr = run->nr,
		.lost = lost,
		.malformed = run->malformed,
		.sources = &run->sources,
	};
}
