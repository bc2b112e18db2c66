/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb run`: each configuration that the options span, and the report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/backend.h"
#include "base/signals.h"
#include "cli/command.h"
#include "machine/dtb.h"
#include "report/grid.h"
#include "report/report.h"

/* What a run of several configurations carries along. */
struct session {
	const struct command_line *cl;
	const struct host *host;
	const struct images *images;
	struct run_files files;
	struct json_report *json;
	struct grid grid; /* --matrix */
	unsigned int nr_runs; /* of the matrix's progress: all, and those that began */
	unsigned int begun;
	int status;
	bool any;
};

static int count_run(void *ctx, const struct run_config *config)
{
	struct session *s = ctx;

	(void)config;
	s->nr_runs++;
	return 0;
}

/*
 * Which run it is, for somebody who waits; config NULL: none. The carriage return at its end
 * leaves the line to whatever comes next.
 */
static void progress(struct session *s, const struct run_config *config)
{
	char text[72] = "";

	if (!s->cl->matrix || !isatty(STDERR_FILENO))
		return;
	if (config)
		snprintf(text, sizeof(text), "%u/%u: %s, %s/%s", ++s->begun, s->nr_runs,
			 config->scenario, config->backend->name, config->backend->provider);
	fprintf(stderr, "%-*s\r", (int)sizeof(text) - 1, text);
}

/* Under several policies each row says which; another than the default one is named anyway. */
static void name_policy(const struct session *s, struct run_result *result)
{
	const struct run_policy *policy = &result->config.policy;
	char *why = result->judgement.why;
	size_t len = strlen(why);

	if (!policy->other && policy->name && (s->cl->run.all_policies || s->cl->run.nr_policies > 1))
		snprintf(why + len, sizeof(result->judgement.why) - len, " (policy %s)",
			 policy->name);
}

/* The result becomes the report's. */
static void report_run(struct session *s, struct run_result *result)
{
	if (s->cl->matrix) {
		grid_add(&s->grid, result);
		return;
	}
	if (!s->json)
		name_policy(s, result);
	if (s->json)
		json_run(s->json, result);
	else
		table_row(stdout, result, s->cl->verbose);
	run_result_free(result);
}

static int run_and_report(void *ctx, const struct run_config *config)
{
	struct session *s = ctx;
	struct run_result result;

	if (!s->any && !s->json && !s->cl->matrix)
		table_head(stdout, s->host);
	progress(s, config);
	run_one(s->host, s->images, config, &s->files, &result);
	progress(s, NULL);
	if (result.status == STATUS_HANG || (result.status && signals_caught()))
		fprintf(stderr, "pvtlb: %s\n", result.judgement.why);
	s->status = status_merge(s->status, result.status, !s->any);
	s->any = true;
	report_run(s, &result);
	return signals_caught();
}

static int run_all(struct session *s)
{
	struct run_options options = s->cl->run;
	struct error err = { 0 };

	if (s->cl->json)
		s->json = json_begin(s->host);
	options.host = s->host;
	if (s->cl->matrix)
		run_matrix(s->images, &options, count_run, s, &err);
	if (!err.status)
		run_matrix(s->images, &options, run_and_report, s, &err);
	if (s->grid.nr)
		grid_print(stdout, s->host, &s->grid, s->cl->verbose);
	grid_free(&s->grid);
	if (s->json && json_end(s->json, stdout))
		fail(&err, STATUS_FAIL, "cannot write the report: %s", strerror(errno));
	if (err.status)
		return complain(&err);
	if (!s->any) {
		fail(&err, STATUS_SKIP,
		     "nothing to run: no backend fits these options (is it served by that provider? "
		     "see: pvtlb list)");
		return complain(&err);
	}
	return s->status;
}

static int close_trace(FILE *trace, const char *name, struct error *err)
{
	/* A write before the last one: by now errno is something else's. */
	bool incomplete = ferror(trace);

	if (fclose(trace))
		return fail(err, STATUS_FAIL, "%s: %s", name, strerror(errno));
	if (incomplete)
		return fail(err, STATUS_FAIL, "%s: not all of it could be written", name);
	return 0;
}

static int open_and_run(struct session *s)
{
	struct error err = { 0 };
	struct host host;
	int status;

	if (host_open(&host, s->cl->kvm, &err))
		return complain(&err);
	s->host = &host;
	s->files.console = stderr;
	s->files.dump_dtb = s->cl->dump_dtb;
	if (s->cl->trace) {
		s->files.trace = fopen(s->cl->trace, "w");
		if (!s->files.trace)
			fail(&err, STATUS_FAIL, "%s: %s", s->cl->trace, strerror(errno));
	}
	status = err.status ? complain(&err) : run_all(s);
	if (s->files.trace && close_trace(s->files.trace, s->cl->trace, &err))
		status = complain(&err);
	host_close(&host);
	return status;
}

/* The whole file, or what is too much of it; NULL with err. To be freed. */
static void *read_dtb(const char *path, size_t *len, struct error *err)
{
	FILE *from = fopen(path, "rb");
	char *dtb = from ? malloc(DTB_MAX + 1) : NULL;

	if (dtb)
		*len = fread(dtb, 1, DTB_MAX + 1, from);
	if (!dtb || ferror(from)) {
		fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
		free(dtb);
		dtb = NULL;
	}
	if (from)
		fclose(from);
	return dtb;
}

int cmd_run(const struct command_line *cl, const struct images *images)
{
	struct command_line mine = *cl;
	struct session s = { .cl = &mine, .images = images };
	struct error err = { 0 };
	void *dtb = NULL;
	int status;

	if (cl->dtb) {
		dtb = read_dtb(cl->dtb, &mine.run.base.dtb_len, &err);
		if (!dtb)
			return complain(&err);
		mine.run.base.dtb = dtb;
	}
	status = open_and_run(&s);
	free(dtb);
	return status;
}
