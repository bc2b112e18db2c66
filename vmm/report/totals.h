/* SPDX-License-Identifier: GPL-2.0-only */
/* How many runs there were, and how they ended. */
#ifndef VMM_REPORT_TOTALS_H
#define VMM_REPORT_TOTALS_H

#include "judge/result.h"
#include "report/page.h"

struct totals {
	unsigned int runs, passed, caught, failed, skipped, unknown;
	double seconds; /* of all runs */
};

void totals_add(struct totals *totals, const struct run_result *r);
/* "3 runs: 1 passed, ...": at most len - 1 bytes of it. Returns buf. */
const char *totals_text(const struct totals *totals, char *buf, size_t len);

/* The same and how long they took, a line or two: good or bad by its colour. */
void totals_print(const struct page *page, const struct totals *totals);

/* Is it what a report has to explain: neither passed nor skipped? */
bool run_is_wrong(const struct run_result *r);

/* Which run it is, a clause: its title, and how the key is forced if it is. Returns buf. */
const char *run_label(const struct run_config *config, char *buf, size_t len);

#endif
