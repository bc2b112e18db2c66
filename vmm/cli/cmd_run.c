/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb run`: each configuration that the options span, and the report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/backend.h"
#include "base/signals.h"
#include "base/stream.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "cli/outputs.h"
#include "machine/dtb.h"
#include "sandbox/sandbox.h"

static void report_run(struct session *s, const struct output *output, struct run_result *result)
{
	s->status = status_merge(s->status, result->status, !s->ended++);
	if (s->junit_file)
		junit_run(&s->junit, result);
	output->run(s, result);
}

static void run_plan(struct session *s, const struct output *output)
{
	const struct plan *plan = &s->plan;
	const struct run_config *begun = NULL; /* of a backend that has not ended */
	struct run_result *result = result_get();

	while (session_next(s, result)) {
		const struct run_config *config = &plan->config[s->ended];
		bool last = s->ended + 1 == plan->nr || !plan_same_backend(config, config + 1);

		report_run(s, output, result);
		if (last && output->backend)
			output->backend(s, config);
		begun = last ? NULL : config;
	}
	/* Told to stop in the midst of it. */
	if (begun && output->backend)
		output->backend(s, begun);
	free(result);
}

static int several_for_gdb(struct plan *plan)
{
	const struct run_config *a = &plan->config[0], *b = &plan->config[1];
	struct error err = { 0 };

	fail(&err, STATUS_USAGE,
	     "--gdb is for one configuration, and these options make %zu: %s under %s with %u CPUs, "
	     "%s under %s with %u, ...; name one scenario, one --backend, one number of --cpus, one "
	     "--policy",
	     plan->nr, a->scenario, a->backend->name, a->cpus, b->scenario, b->backend->name, b->cpus);
	plan_free(plan);
	return complain(&err);
}

static int enter_sandbox(const struct session *s, struct error *err)
{
	const struct confined with = {
		.host = s->host,
		.file = { s->files.trace, s->files.dump_dtb, s->junit_file },
		.listener = s->files.gdb ? s->files.gdb->fd : -1,
	};

	return confine(s->cl, &with, err);
}

static int run_all(struct session *s)
{
	const struct output *output = output_of(s->cl);
	static struct run_options options; /* large */
	struct error err = { 0 };
	int status = STATUS_OK;

	options = s->cl->run;
	s->progress = output->progress;
	options.host = s->host;
	if (s->cl->gdb)
		run_options_usual(&options);
	if (plan_make(&s->plan, s->images, &options, &err))
		return complain(&err);
	if (s->cl->gdb && s->plan.nr > 1)
		return several_for_gdb(&s->plan);
	if (output->by_backend)
		plan_by_backend(&s->plan);
	if (!s->plan.nr)
		fail(&err, STATUS_SKIP,
		     "nothing to run: no backend fits these options (is it served by that provider? "
		     "see: pvtlb list)");
	if ((s->plan.nr || output->empty) && !session_prepare(s, &err) && !enter_sandbox(s, &err) &&
	    !session_start(s, &err)) {
		if (output->begin)
			output->begin(s);
		run_plan(s, output);
		session_stop(s);
		sandbox_report();
		status = s->status;
		if (output->end && output->end(s))
			fail(&err, STATUS_FAIL, "cannot write the report: %s", strerror(errno));
		/* What was not run has not passed. */
		if (signals_caught() && s->ended < s->plan.nr)
			fail(&err, status ? status : STATUS_FAIL,
			     "ended by signal %d: %zu of %zu runs were not made", signals_caught(),
			     s->plan.nr - s->ended, s->plan.nr);
	}
	if (s->junit_file)
		junit_end(&s->junit, s->ended == s->plan.nr, s->junit_file);
	plan_free(&s->plan);
	return err.status ? complain(&err) : status;
}

/* To be written; NULL with err. */
static FILE *open_output(const char *name, struct error *err)
{
	FILE *to = stream_write(name);

	if (!to)
		fail(err, STATUS_FAIL, "%s: %s", name, strerror(errno));
	return to;
}

static int close_output(FILE *file, const char *name, struct error *err)
{
	/* A write before the last one: by now errno is something else's. */
	bool incomplete = ferror(file);

	if (fclose(file))
		return fail(err, STATUS_FAIL, "%s: %s", name, strerror(errno));
	if (incomplete)
		return fail(err, STATUS_FAIL, "%s: not all of it could be written", name);
	return 0;
}

static int open_and_run(struct session *s)
{
	struct error err = { 0 };
	struct gdb_port gdb;
	struct host host;
	int status;

	if (host_open(&host, s->cl->kvm, &err))
		return complain(&err);
	s->host = &host;
	s->files.console = stderr;
	s->page = (struct page){ stdout, page_has_color(s->cl->color, isatty(STDOUT_FILENO),
							getenv("NO_COLOR")) };
	if (s->cl->trace)
		s->files.trace = open_output(s->cl->trace, &err);
	if (s->cl->junit && !err.status)
		s->junit_file = open_output(s->cl->junit, &err);
	if (s->cl->dump_dtb && !err.status)
		s->files.dump_dtb = open_output(s->cl->dump_dtb, &err);
	if (s->cl->gdb && !err.status && !gdb_listen(&gdb, atoi(s->cl->gdb), &err))
		s->files.gdb = &gdb;
	status = err.status ? complain(&err) : run_all(s);
	err = (struct error){ 0 };
	if (s->files.trace && close_output(s->files.trace, s->cl->trace, &err))
		status = complain(&err);
	err = (struct error){ 0 };
	if (s->files.dump_dtb && close_output(s->files.dump_dtb, s->cl->dump_dtb, &err))
		status = complain(&err);
	err = (struct error){ 0 };
	if (s->junit_file && close_output(s->junit_file, s->cl->junit, &err))
		status = complain(&err);
	host_close(&host);
	return status;
}

/* The whole file, or what is too much of it; NULL with err. To be freed. */
static void *read_dtb(const char *path, size_t *len, struct error *err)
{
	FILE *from = stream_read(path);
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
	/* Large: not on the stack, which may be small. One command is all that a process has. */
	static struct command_line mine;
	static struct session s;
	struct error err = { 0 };
	void *dtb = NULL;
	int status;

	mine = *cl;
	s.cl = &mine;
	s.images = images;
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
