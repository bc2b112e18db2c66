/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for somebody who looks at a few runs: a row for each as it ends, in 80 columns. */
#ifndef VMM_REPORT_ROWS_H
#define VMM_REPORT_ROWS_H

#include "judge/result.h"
#include "report/facets.h"
#include "report/page.h"
#include "report/totals.h"

/* How the rows look, and what there has been. All zero: nothing. */
struct rows {
	int width[FACETS];	/* of the facet's column; 0: it has none */
	bool above[FACETS];	/* it is said above the rows whose value it is */
	uint32_t claims;	/* of all scenarios: columns of others have nothing to say */
	int left;		/* columns in front of WHY */
	bool below;		/* WHY has no room beside them, and comes below */
	struct run_config last; /* the row before */
	struct totals totals;
};

/*
 * The host, what all nr configurations have in common, and the names of the columns: what they
 * differ in, and what runs with these claims, PVTLB_CLAIM_*, come to. nr is 1 at least.
 */
void rows_begin(struct rows *rows, const struct page *page, const struct host *host,
		const struct run_config *config, size_t nr, uint32_t claims);
/* A row, WHY, and what went wrong at length. verbose: sites and all violations, too. */
void rows_add(struct rows *rows, const struct page *page, const struct host *host,
	      const struct run_result *r, bool verbose);
/* How many there were, if there was more than one. */
void rows_end(const struct rows *rows, const struct page *page);

#endif
