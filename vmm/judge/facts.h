/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known before a judgement: what the configuration tells, what the events of a run tell. */
#ifndef VMM_JUDGE_FACTS_H
#define VMM_JUDGE_FACTS_H

#include <stdbool.h>

#include "base/config.h"
#include "judge/course.h"
#include "judge/evidence.h"
#include "oracle/oracle.h"

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
	uint64_t unasked; /* the first call of a flush that was not announced by ASK; 0: none */
	bool installed;	  /* a backend has installed itself */
	bool from_trace; /* key holds the value alone: no sites, no pv_ops */
};

/* What a run of the configuration, of a scenario with these claims, is to be judged by. */
struct oracle_terms terms_of(const struct run_config *config, uint32_t claims);

/* What is right: on only if every flush interrupts every target it is for. */
bool key_expected(const struct run_config *config);

/*
 * Is a run of the configuration one with the key on, rightly or wrongly? What the guest is going
 * to do, so far as the configuration tells.
 */
bool key_effective(const struct run_config *config);

/* Is the key off under the policy, whatever the backend and the CPU are like? */
bool policy_leaves_off(const struct run_policy *policy);

/* What of the boot the events tell. */
void facts_from_events(struct run_facts *facts, const struct event_stream *stream);

#endif
