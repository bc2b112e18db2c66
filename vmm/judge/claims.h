/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims: what a run states about its configuration, judged from evidence and findings. */
#ifndef VMM_CLAIMS_H
#define VMM_CLAIMS_H

#include <stdbool.h>

#include "judge/facts.h"

/* UNKNOWN: too little is known of the run to say either. */
enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_SKIP, VERDICT_UNKNOWN };
extern const char *const verdict_names[];

struct judgement {
	enum verdict verdict;
	bool key_expected; /* what the key has to be for the configuration */
	bool key_wrong;	   /* it is not */
	char why[512];	   /* one sentence */
};

/* A verdict, and why. */
__attribute__((format(printf, 3, 4))) void judged(struct judgement *out, enum verdict v,
						   const char *fmt, ...);

/*
 * The violation that a judgement is about: of the first column that is claimed and has one,
 * harm before delivery. NULL: there is none.
 */
const struct violation *claims_violated(uint32_t claims, const struct findings *findings);

/*
 * Who skips syncs in such a run, and why, a clause: the key that was read, or the policy. buf, of
 * len bytes.
 */
const char *sync_skipper(const struct run_config *config, const struct run_facts *facts, char *buf,
			 size_t len);

/*
 * Judge; pure. claims: the scenario's PVTLB_CLAIM_*. Harm counts before a wrong key; a key that
 * was forced counts by its harm alone, unless the key is all that is claimed. A run that is not a
 * whole one (judge/course.h) does not pass, but what harm it did is said first. A control
 * (config->expect_violation) passes when 99 % of its trials were caught, and in a free run when
 * one was; evidence that contradicts itself and a run that checked nothing fail it like any
 * other, and with lost events it is unknown.
 */
void judge(const struct run_config *config, uint32_t claims, const struct run_facts *facts,
	   struct judgement *out);

#endif
