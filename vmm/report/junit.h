/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for CI: JUnit XML, a test case for each run. */
#ifndef VMM_REPORT_JUNIT_H
#define VMM_REPORT_JUNIT_H

#include <stdio.h>

#include "report/totals.h"

/* What has been said so far. All zero: nothing. */
struct junit_report {
	struct totals totals;
	FILE *cases; /* in memory: the head, which has the totals, comes first */
	char *text;
	size_t len;
};

void junit_run(struct junit_report *report, const struct run_result *r);
/* Writes the document and frees what there is. complete: all runs were made. */
void junit_end(struct junit_report *report, bool complete, FILE *to);

#endif
