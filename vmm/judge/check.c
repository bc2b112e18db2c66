/* SPDX-License-Identifier: GPL-2.0-only */
/* Judging saved traces again, from the files alone. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/settings.h"
#include "base/signals.h"
#include "judge/check.h"

#define ROW "%5s %-*s %-*s %-4s %2s %7s %7s %4s %-18s  %-7s %s\n"

void check_run(const struct trace_run *run, struct run_facts *facts, struct judgement *out)
{
	const struct oracle_terms terms = terms_of(&run->config, run->claims);
	struct event_stream stream = trace_stream(run);
	struct patience patience = patience_begin(INFINITY);

	stream.patience = &patience;
	*facts = (struct run_facts){ .from_trace = true };
	*out = (struct judgement){ .key_expected = key_expected(&run->config) };
	if (!run->complete) {
		judged(out, VERDICT_UNKNOWN,
		       "the file ends after line %lu, before this run's end line", run->last_line);
		return;
	}
	if (run->failed[0]) {
		judged(out, VERDICT_FAIL, "the run did not come to its end: %s", run->failed);
		return;
	}
	facts_from_events(facts, &stream);
	facts->fault_applied |= run->fault_applied;
	facts->key.value = run->key == TRACE_KEY_ON;
	oracle(&stream, &terms, &facts->findings);
	judge(&run->config, run->claims, facts, out);
	if (!patience.over)
		return;
	facts->findings = (struct findings){ 0 };
	judged(out, VERDICT_UNKNOWN, "ended by signal %d while its events were judged",
	       signals_caught());
}

/* Was the run looked at? If it failed, or too little is known of it, no claim was judged. */
static bool looked_at(const struct trace_run *run, const struct judgement *j)
{
	return !run->failed[0] && j->verdict != VERDICT_UNKNOWN && j->verdict != VERDICT_SKIP;
}

/* A file is read run by run: its columns are as wide as the first one needs, or as is usual. */
struct widths {
	int scenario, backend;
};

static int at_least(size_t least, const char *name)
{
	size_t len = strlen(name);

	return len > least ? len : least;
}

static struct widths print_head(FILE *to, const char *name, const struct run_config *first)
{
	struct widths w = { at_least(16, first->scenario), at_least(7, first->backend->name) };

	fprintf(to,
		"%s: judged from events; the bytes at the key's sites are not in a trace and not "
		"judged\n",
		name);
	fprintf(to, ROW, "LINE", w.scenario, "SCENARIO", w.backend, "BACKEND", "HYP", "PV", "INVLPGB", "INSTALL", "CPUS",
		"JUDGED", "VERDICT", "WHY");
	return w;
}

static void print_row(FILE *to, const struct widths *w, const struct trace_run *run,
		      const struct judgement *j)
{
	const struct run_config *c = &run->config;
	char line[24], cpus[16], claims[64];

	snprintf(line, sizeof(line), "%lu", run->first_line);
	snprintf(cpus, sizeof(cpus), "%u", c->cpus);
	words_of_set(&words_claims, looked_at(run, j) ? run->claims : 0, claims, sizeof(claims));
	fprintf(to, ROW, line, w->scenario, c->scenario, w->backend, c->backend->name,
		c->backend->provider, words_no_yes.name[c->paravirt],
		words_no_shown.name[c->invlpgb], config_install(c), cpus, claims,
		verdict_names[j->verdict], j->why);
}

static int check_one(FILE *to, const struct widths *w, const struct trace_run *run)
{
	struct event_stream stream = trace_stream(run);
	const struct violation *v;
	struct run_facts *facts = malloc(sizeof(*facts)); /* large */
	struct judgement j;
	char skipped_by[160];

	if (!facts)
		abort();
	check_run(run, facts, &j);
	print_row(to, w, run, &j);
	if (run->config.mm)
		fprintf(to, "    whose code: mm %s\n", run->config.mm);
	/* With events missing a violation may be the gap's. */
	v = looked_at(run, &j) ? claims_violated(run->claims, &facts->findings) : NULL;
	if (v)
		violation_report(to, &stream, v,
				 sync_skipper(&run->config, facts, skipped_by, sizeof(skipped_by)));
	free(facts);
	fflush(to);
	return j.verdict == VERDICT_PASS ? STATUS_OK :
	       j.verdict == VERDICT_SKIP ? STATUS_SKIP :
					   STATUS_FAIL;
}

/* Every run up to the file's end, or up to where it goes wrong. */
static int check_runs(struct trace_reader *reader, FILE *to)
{
	struct trace_run run;
	int status = STATUS_FAIL, got;
	struct widths w = { 0 };
	bool any = false;

	while ((got = trace_read(reader, &run)) > 0) {
		if (!any)
			w = print_head(to, reader->name, &run.config);
		status = status_merge(status, check_one(to, &w, &run), !any);
		any = true;
		trace_run_free(&run);
		if (!signals_caught())
			continue;
		fail(reader->err, STATUS_FAIL, "ended by signal %d", signals_caught());
		break;
	}
	if (!got && !any)
		fail(reader->err, STATUS_FAIL, "%s: there is no run in it", reader->name);
	return status;
}

int check_file(FILE *from, const char *name, FILE *to, struct error *err)
{
	int status = STATUS_FAIL, cause = errno;
	struct trace_reader reader;

	trace_reader_init(&reader, from, name, err);
	if (from)
		status = check_runs(&reader, to);
	else
		fail(err, STATUS_FAIL, "%s: %s", reader.name, strerror(cause));
	return err->status ? STATUS_FAIL : status;
}
