/* SPDX-License-Identifier: GPL-2.0-only */
/* A `pvtlb run` under way: what its reports share. */
#ifndef VMM_CLI_SESSION_H
#define VMM_CLI_SESSION_H

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

/* Runs the configuration, for the session's files and its progress; its status is not counted. */
void session_run(struct session *s, const struct run_config *config, struct run_result *result);

#endif
