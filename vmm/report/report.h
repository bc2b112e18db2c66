/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for people (a table) and for programs (JSON). */
#ifndef VMM_REPORT_H
#define VMM_REPORT_H

#include <stdio.h>

#include "judge/result.h"
#include "kvm/host.h"
#include "report/page.h"

struct json_report;

/* The host, and what "ok" does not mean on it. */
void report_host(FILE *to, const struct host *host);

/* The same in lines of WRAP_WIDTH columns; what is not shown, by a pointer to it. */
void report_host_line(const struct page *page, const struct host *host);

/*
 * The table: a head, which is the host and the columns' names, then a line per run as it ends.
 * verbose: sites and all violations, too.
 */
void table_head(FILE *to, const struct host *host);
void table_columns(FILE *to);
void table_row(FILE *to, const struct run_result *r, bool verbose);

/*
 * Is the report of a run's violation to be printed? One that nobody expected is explained
 * unasked.
 */
bool report_explains(const struct run_result *r, bool verbose);
/* The key's sites, what flushes took, all violations that were kept: lines, moved in. */
void report_details(FILE *to, const struct run_result *r);

/* The JSON object of schema 1 (docs/json.md). */
struct json_report *json_begin(const struct host *host);
void json_run(struct json_report *report, const struct run_result *r);
/* Writes the object and frees it. 0, or -1 when it could not be written. */
int json_end(struct json_report *report, FILE *to);

#endif
