/* SPDX-License-Identifier: GPL-2.0-only */
/* A `pvtlb run` under way: what its reports share. */
#ifndef VMM_CLI_SESSION_H
#define VMM_CLI_SESSION_H

#include "cli/crew.h"
#include "cli/options.h"
#include "cli/plan.h"
#include "report/grid.h"
#include "report/junit.h"
#include "report/page.h"
#include "report/report.h"
#include "report/rows.h"
#include "report/summary.h"

struct session {
	const struct command_line *cl;
	const struct host *host;
	const struct images *images;
	bool progress; /* the report says nothing for long: stderr is to */
	struct run_files files;
	struct plan plan;
	struct crew *crew; /* runs of the plan side by side; NULL: one after the other */
	double begin;	   /* of it all, in seconds */
	struct page page;
	struct json_report *json;
	struct rows rows;
	struct grid grid;
	struct summary summary;
	struct page wrong; /* of the summary: what is wrong, in memory until its end */
	char *wrong_text;
	size_t wrong_len;
	FILE *junit_file; /* NULL: none */
	struct junit_report junit;
	size_t begun, ended; /* runs */
	int status;
};

/* Limits of this process are made to do for that: before the sandbox. 0, or -1 with err. */
int session_prepare(const struct session *s, struct error *err);
/* Makes the plan's runs, as many side by side as the options say. 0, or -1 with err. */
int session_start(struct session *s, struct error *err);
/*
 * The plan's next run, for the session's files and its progress; its status is not counted.
 * False: there is none any more, or the process was told to stop before it began.
 */
bool session_next(struct session *s, struct run_result *result);
/* A run that is not the plan's, in the same way. */
void session_run(struct session *s, const struct run_config *config, struct run_result *result);
void session_stop(struct session *s);
/* How long it took if runs were side by side, else what they took together, totals. */
double session_seconds(const struct session *s, double totals);

#endif
