/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known before a judgement: what the configuration tells, what the events of a run tell. */
#include "base/backend.h"
#include "judge/facts.h"

bool key_expected(const struct run_config *config)
{
	return config->backend->interrupts == INTERRUPTS_ALL && !config->invlpgb;
}

bool policy_leaves_off(const struct run_policy *policy)
{
	return policy->key == PVTLB_KEY_NEVER || policy->key == PVTLB_KEY_PER_SYNC;
}

/* Late or declared, it was decided from what the native flush is like, or said to be. */
bool key_effective(const struct run_config *config)
{
	if (config->key != KEY_AUTO)
		return config->key == KEY_ON;
	if (policy_leaves_off(&config->policy) || config->invlpgb)
		return false;
	if (config->policy.key == PVTLB_KEY_BY_DECLARATION)
		return config->late || !config->backend->says_no_ipi;
	return config->late || key_expected(config);
}

struct oracle_terms terms_of(const struct run_config *config, uint32_t claims)
{
	return (struct oracle_terms){
		.claims = claims,
		.promise = config->backend->interrupts,
		.by_host = backend_by_host(config->backend),
		.no_look = config->no_look,
	};
}

/* What each CPU has said since its flush began: of what it asks, or that it broadcasts itself. */
enum in_flush { NO_FLUSH, UNSAID, SAID };

/*
 * A flush that calls its hypervisor says in ASK what it asks, or nobody can judge that; and no rule
 * that holds a CPU there ever does.
 */
static void note_asked(enum in_flush *now, const struct pvtlb_event *e, uint64_t *unasked)
{
	if (e->id == PVTLB_EV_FLUSH_BEGIN)
		*now = UNSAID;
	else if (e->id == PVTLB_EV_FLUSH_END)
		*now = NO_FLUSH;
	else if (*now != NO_FLUSH && (e->id == PVTLB_EV_ASK || e->id == PVTLB_EV_INVLPGB))
		*now = SAID;
	else if (*now == UNSAID && e->id == PVTLB_EV_HYPERCALL && !e->hypercall.status && !*unasked)
		*unasked = e->seq;
}

void facts_from_events(struct run_facts *facts, const struct event_stream *stream)
{
	enum in_flush in_flush[PVTLB_MAX_CPUS] = { NO_FLUSH };

	facts->lost = stream->lost;
	facts->malformed = stream->malformed;
	course_follow(&facts->course, stream);
	for (size_t i = 0; i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];

		note_asked(&in_flush[e->cpu], e, &facts->unasked);
		if (e->id == PVTLB_EV_FAULT)
			facts->fault_applied = true;
		facts->held += e->id == PVTLB_EV_HELD && !e->held.preempts;
		facts->preempted += e->id == PVTLB_EV_HELD && e->held.preempts;
		if (e->id == PVTLB_EV_KEY)
			facts->key_decided = true;
		if (e->id == PVTLB_EV_BOOT && e->boot.step == PVTLB_BOOT_BACKEND_INSTALL &&
		    facts->key_decided)
			facts->key_decided_before_install = true;
		if (e->id == PVTLB_EV_BOOT && e->boot.step == PVTLB_BOOT_BACKEND_INSTALL)
			facts->installed = true;
		if (e->id == PVTLB_EV_BOOT && e->boot.step == PVTLB_BOOT_BACKEND_REFUSED)
			facts->refused = e->boot.refused ? e->boot.refused : PVTLB_REFUSED_NR;
	}
}
