/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims: what a run states about its configuration, judged from evidence and findings. */
#ifndef VMM_CLAIMS_H
#define VMM_CLAIMS_H

#include <stdbool.h>

#include "base/config.h"
#include "judge/course.h"
#include "judge/evidence.h"
#include "oracle/oracle.h"

/* UNKNOWN: too little is known of the run to say either. */
enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_SKIP, VERDICT_UNKNOWN };
extern const char *const verdict_names[];

/* All that is known about a run that came to its end. */
struct run_facts {
	struct key_evidence key;
	struct findings findings;
	struct run_course course;
	uint64_t lost, malformed; /* events */
	/* Of the whole run, by all vCPUs; 0 in a trace: it does not say. */
	uint64_t exits; /* times a thread has come back from the guest, or has not gone in */
	uint64_t kicks; /* signals to get one out */
	bool fault_applied;	  /* the configured fault, at least once */
	bool key_decided;	  /* the guest said that native_pv_tlb_init() ran */
	bool key_decided_before_install;
	uint64_t held, preempted; /* holds: outside of guest mode, by preemption */
	uint64_t refused; /* enum pvtlb_refused: why the backend did not install itself; 0: it did */
	bool installed;	  /* a backend has installed itself */
	bool from_trace; /* key holds the value alone: no sites, no pv_ops */
};

struct judgement {
	enum verdict verdict;
	bool key_expected; /* what the key has to be for the configuration */
	bool key_wrong;	   /* it is not */
	char why[512];	   /* one sentence */
};

/* What a run of the configuration, of a scenario with these claims, is to be judged by. */
struct oracle_terms terms_of(const struct run_config *config, uint32_t claims);

/* A verdict, and why. */
__attribute__((format(printf, 3, 4))) void judged(struct judgement *out, enum verdict v,
						   const char *fmt, ...);

/* What is right: on only if every flush interrupts every target it is for. */
bool key_expected(const struct run_config *config);

/*
 * Is a run of the configuration one with the key on, rightly or wrongly? What the guest is going
 * to do, so far as the configuration tells.
 */
bool key_effective(const struct run_config *config);

/* Is the key off under the policy, whatever the backend and the CPU are like? */
bool policy_leaves_off(const struct run_policy *policy);

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

/* What of the boot the events tell. */
void facts_from_events(struct run_facts *facts, const struct event_stream *stream);

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
