/* SPDX-License-Identifier: GPL-2.0-only */
/* Pairs of runs, told: for people, and for programs. */
#ifndef VMM_DIFFER_REPORT_H
#define VMM_DIFFER_REPORT_H

#include "differ/pair.h"
#include "kvm/host.h"
#include "pvtlb/kernel.h"
#include "report/page.h"

/* What is compared with what. */
struct differ_head {
	const struct host *host;
	const struct pvtlb_kernel *kernel;
	const char *policy; /* the model's */
};

/* Reasons for which pairs were skipped, each with how often. */
struct skips {
	struct skip {
		char why[512];
		unsigned int nr;
	} * skip;
	size_t nr;
};

/* For people. verbose: the orders that differ, too. */
void differ_text_head(const struct page *page, const struct differ_head *head);
void differ_text_pair(const struct page *page, const struct pair *pair, bool verbose);
void differ_text_end(const struct page *page, const struct pair_totals *totals,
		     const struct skips *skips);
void skips_add(struct skips *skips, const char *why);
void skips_free(struct skips *skips);

/* For programs (docs/json.md). */
struct differ_json;
struct differ_json *differ_json_begin(const struct differ_head *head);
void differ_json_pair(struct differ_json *json, const struct pair *pair);
/* Writes it, and frees it. 0, or -1 with errno: it could not be written. */
int differ_json_end(struct differ_json *json, const struct pair_totals *totals, FILE *to);

#endif
