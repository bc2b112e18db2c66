/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for somebody who looks for the first time: a line per backend, and what comes of it. */
#ifndef VMM_REPORT_SUMMARY_H
#define VMM_REPORT_SUMMARY_H

#include "kvm/host.h"
#include "report/forced.h"
#include "report/page.h"
#include "report/totals.h"

#define SUMMARY_REASONS 3u
#define SUMMARY_FAILED	4u /* scenarios that a backend's line has room for */

/* What the runs of one backend came to. */
struct tally {
	const struct backend *backend;
	bool invlpgb; /* shown, where that is not what the backend is about */
	uint64_t interrupted, targets;
	bool on, off; /* the key, in some run that is as they all are */
	unsigned int runs, wrong, unknown; /* runs: without those that were skipped */
	const char *failed[SUMMARY_FAILED]; /* scenarios of wrong and unknown ones, in order */
	const char *last_failed;
	unsigned int nr_failed; /* scenarios, more than there is room for among them */
};

/* What the whole summary carries along. All zero: nothing yet. */
struct summary {
	struct totals totals;
	struct tally tally;	     /* of the backend that is being run */
	struct forced harm;	     /* the first with harm */
	struct forced contradiction; /* the first */
	struct run_config harmed, contradicted;
	struct run_config failed; /* the first wrong run; of conformance, if there is one */
	bool any_failed;
	unsigned int skips[SUMMARY_REASONS], other_skips;
	char reason[SUMMARY_REASONS][512];
	bool any_forced;
};

/* The host and the columns' names. */
void summary_begin(const struct page *page, const struct host *host);
void summary_add(struct summary *s, const struct run_result *r);
/*
 * The line of the backend whose runs have been added, below it which of them failed, and the next one begins. forced: what came
 * of the key forced on, in a run of the configuration how; NULL: there was no such run.
 */
void summary_row(const struct page *page, struct summary *s, const struct forced *forced,
		 const struct run_config *how);
/*
 * Counts, why runs were skipped, what the forced key did, and what to type next: program, and
 * behind its words whose, where they do not say whose code is run, and more, which all need here;
 * each " --OPTION" or "".
 */
void summary_end(const struct page *page, const struct summary *s, const char *program,
		 const char *whose, const char *more);

/* A run that is wrong, at length. */
void wrong_run(const struct page *page, const struct run_result *r);

#endif
