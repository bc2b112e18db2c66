/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb bench`: measure, and say it with its spread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/stream.h"
#include "bench/all.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "cli/options.h"

#define ROUNDS	   5
#define ROUNDS_FEW 2 /* of a smoke test */

static int known(const char *name, struct error *err)
{
	struct nearest near;
	char hint[64];

	nearest_init(&near, name);
	for (unsigned int i = 0; i < nr_benches; i++) {
		if (!strcmp(name, benches[i]->name))
			return 0;
		nearest_offer(&near, benches[i]->name);
	}
	nearest_hint(&near, hint, sizeof(hint));
	return fail(
		err, STATUS_USAGE,
		"no bench %.80s%s; there are floors, collapse, walkers, growth, overcommit, oracle",
		name, hint);
}

static bool wanted(const struct command_line *cl, const char *name)
{
	for (unsigned int i = 0; i < cl->nr_words; i++)
		if (!strcmp(cl->word[i], name))
			return true;
	return !cl->nr_words;
}

static int run_them(const struct command_line *cl, struct bench_run *run)
{
	struct error err = { 0 };
	int status = STATUS_OK;

	for (unsigned int i = 0; i < nr_benches; i++) {
		if (!wanted(cl, benches[i]->name))
			continue;
		bench_head(run->report, benches[i]->name, benches[i]->title);
		if (!benches[i]->run(run, &err))
			continue;
		bench_note(run->report, "not measured: %s", err.text);
		complain(&err);
		if (status == STATUS_OK || status == STATUS_SKIP)
			status = err.status;
		err = (struct error){ 0 };
	}
	return status;
}

/* The plots' file is open, the sandbox about to close. */
static int measure_all(const struct command_line *cl, const struct images *images, FILE *plots,
		       struct error *err)
{
	struct confined with = { .file = { plots }, .listener = -1 };
	struct bench_report report;
	struct bench_run run = {
		.image = images->image,
		.size = cl->smoke    ? BENCH_SMOKE
			: cl->longer ? BENCH_LONG
				     : BENCH_USUAL,
		.rounds = cl->smoke ? ROUNDS_FEW : ROUNDS,
		.report = &report,
	};
	struct host host;
	int status;

	if (host_open(&host, cl->kvm, err))
		return err->status;
	run.host = with.host = &host;
	bench_report_begin(&report, &host, cl->json ? NULL : stdout, plots);
	if (confine(cl, &with, err)) {
		bench_report_end(&report, NULL);
		host_close(&host);
		return err->status;
	}
	status = run_them(cl, &run);
	if (bench_report_end(&report, cl->json ? stdout : NULL))
		fail(err, STATUS_FAIL, "not all results could be written");
	host_close(&host);
	return status;
}

int cmd_bench(const struct command_line *cl, const struct images *images)
{
	struct error err = { 0 };
	FILE *plots = NULL;
	int status;

	for (unsigned int i = 0; i < cl->nr_words; i++)
		if (known(cl->word[i], &err))
			return complain(&err);
	if (cl->smoke && cl->longer) {
		fail(&err, STATUS_USAGE, "--smoke and --long exclude each other");
		return complain(&err);
	}
	if (cl->output) {
		plots = stream_write(cl->output);
		if (!plots) {
			fail(&err, STATUS_FAIL, "%.200s: %m", cl->output);
			return complain(&err);
		}
	}
	status = measure_all(cl, images, plots, &err);
	if (plots && fclose(plots))
		fail(&err, STATUS_FAIL, "%.200s: not all could be written", cl->output);
	return err.status ? complain(&err) : status;
}
