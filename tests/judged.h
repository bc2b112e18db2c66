/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs to judge, as tables: what is configured, what came out, what is to be said. */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include "judge/claims.h"
#include "policy.h"
#include "unit_util.h"

/* A run. The defaults are a good run. */
struct run {
	const char *what;
	const char *backend;
	bool invlpgb, late, expect_violation;
	enum key_request key;
	struct run_policy policy;
	unsigned int stress;
	enum pvtlb_fault fault;
	uint32_t claims;	    /* 0: all */
	bool no_claims;		    /* a diagnostic's */
	const struct backend *made; /* in place of the one of that name; NULL: that */
	unsigned int cpus;	    /* 0: 4 */

	bool on; /* the key's variable */
	enum { SITES_AGREE, SITES_CONTRADICT, SITES_NONE, SITES_GARBAGE, SITES_ELSEWHERE } sites;
	bool not_decided;
	uint64_t lost, malformed;
	bool no_checks, no_targets, walks, gave_up;
	uint64_t interrupted;	  /* of 300 targets */
	uint64_t stores, unclean; /* to page tables; violations of what may be cached of them */
	uint64_t refused;
	uint64_t unasked;   /* the number of a call */
	bool installed;	    /* though refused */
	bool not_installed; /* though not refused */
	bool fault_applied;
	uint64_t stale, undelivered; /* violations */
	uint32_t trials, violated;   /* trials 0: 100 */
	uint32_t trials_missing;
	unsigned int absent; /* a CPU */

	enum verdict verdict;
	bool key_expected, key_wrong;
	const char *why;     /* a part of it */
	const char *why_not; /* what is no part of it; NULL: anything may be */
};

/* Judge each, and hold what is said against what is expected. */
void judge_runs(const struct run *runs, size_t nr);

#define NATIVE .backend = "native"
#define PVTLB  .backend = "pvtlb"
#define GOOD   .verdict = VERDICT_PASS
#define FAILS  .verdict = VERDICT_FAIL
#define UNSURE .verdict = VERDICT_UNKNOWN
#define NOSYNC .policy = P_ALWAYS_SYNC
#define V4     .policy = P_DECLARED
#define EACH   .policy = P_TRACKED
#define ALONE  .claims = PVTLB_CLAIM_KEY

#define CONTROL PVTLB, .expect_violation = true

#endif
