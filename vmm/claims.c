/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims: what a run states about its configuration, judged from evidence and findings. */
#include <stdarg.h>
#include <stdio.h>

#include "claims.h"
#include "pv.h"

#define CAUGHT_PERCENT 99u

const char *const verdict_names[] = { "pass", "fail", "skip" };

bool key_expected(const struct run_config *config)
{
	return config->backend->interrupts == INTERRUPTS_ALL && !config->invlpgb;
}

void facts_from_events(struct run_facts *facts, const struct event_stream *stream)
{
	facts->lost = stream->lost;
	facts->malformed = stream->malformed;
	for (size_t i = 0; i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];

		if (e->id == PVTLB_EV_FAULT)
			facts->fault_applied = true;
		if (e->id == PVTLB_EV_KEY)
			facts->key_decided = true;
		if (e->id == PVTLB_EV_BOOT && e->arg[0] == PVTLB_BOOT_BACKEND_INSTALL &&
		    facts->key_decided)
			facts->key_decided_before_install = true;
	}
}

__attribute__((format(printf, 3, 4))) static void verdict(struct judgement *out, enum verdict v,
							   const char *fmt, ...)
{
	va_list ap;

	out->verdict = v;
	va_start(ap, fmt);
	vsnprintf(out->why, sizeof(out->why), fmt, ap);
	va_end(ap);
}

/* What makes any run worthless, whatever it was to show. Returns whether there was something. */
static bool unusable(const struct run_config *config, uint32_t claims,
		     const struct run_facts *facts, struct judgement *out)
{
	const struct findings *f = &facts->findings;

	if (facts->lost || facts->malformed)
		verdict(out, VERDICT_FAIL,
			"unknown: %llu events lost, %llu malformed; nothing can be said",
			(unsigned long long)facts->lost, (unsigned long long)facts->malformed);
	else if (!facts->key_decided)
		verdict(out, VERDICT_FAIL, "native_pv_tlb_init() did not run");
	else if (!facts->from_trace && !facts->key.nr_sites)
		verdict(out, VERDICT_FAIL, "the image has no site of tlb_ipi_broadcast_key");
	else if (!facts->from_trace && !evidence_agrees(&facts->key))
		verdict(out, VERDICT_FAIL,
			"the bytes at a patched site contradict the key's variable (%s)",
			facts->key.value ? "on" : "off");
	else if (config->fault && !facts->fault_applied)
		verdict(out, VERDICT_FAIL, "the fault %s was never applied: it has no place here",
			fault_names[config->fault]);
	else if (f->safe.gave_up)
		verdict(out, VERDICT_FAIL, "unknown: too many events to check them all");
	else if (claims & PVTLB_CLAIM_SAFE && !f->safe.checks)
		verdict(out, VERDICT_FAIL, "no access was checked");
	else if (claims & PVTLB_CLAIM_DELIVERED && config->cpus > 1 && !f->delivered.targets)
		verdict(out, VERDICT_FAIL, "no flush had a target");
	else
		return false;
	return true;
}

/* The first violation as text, or what is wrong with the key; false when all is well. */
static bool violated(const struct run_config *config, uint32_t claims,
		     const struct run_facts *facts, const struct judgement *out, char *buf, size_t len)
{
	const struct findings *f = &facts->findings;

	if (claims & PVTLB_CLAIM_KEY && out->key_wrong) {
		snprintf(buf, len, "key WRONGLY %s%s%s", facts->key.value ? "ON" : "OFF",
			 config->key != KEY_AUTO ? ", forced" : "",
			 facts->key_decided_before_install ?
				 ": the backend was installed after native_pv_tlb_init() had decided" :
				 "");
		return true;
	}
	if (claims & PVTLB_CLAIM_SAFE && f->safe.bad.total)
		violation_text(&f->safe.bad.v[0], buf, len);
	else if (claims & PVTLB_CLAIM_DELIVERED && f->delivered.bad.total)
		violation_text(&f->delivered.bad.v[0], buf, len);
	else
		return false;
	return true;
}

static void judge_control(uint32_t claims, const struct run_facts *facts, bool any,
			  const char *what, struct judgement *out)
{
	uint32_t trials = facts->findings.trials;
	/* Where the key is all there is to see it is wrong in every trial; elsewhere harm counts. */
	bool key = claims == PVTLB_CLAIM_KEY && out->key_wrong;
	uint32_t caught = key ? trials : facts->findings.violated;

	if (any && (uint64_t)caught * 100 >= (uint64_t)trials * CAUGHT_PERCENT)
		verdict(out, VERDICT_PASS, "caught in %u of %u trials: %s", caught, trials, what);
	else
		verdict(out, VERDICT_FAIL, "NOT caught: a violation in only %u of %u trials",
			any ? caught : 0, trials);
}

void judge(const struct run_config *config, uint32_t claims, const struct run_facts *facts,
	   struct judgement *out)
{
	char what[384];
	bool any;

	*out = (struct judgement){ .key_expected = key_expected(config) };
	out->key_wrong = facts->key.value != out->key_expected;
	if (unusable(config, claims, facts, out))
		return;
	any = violated(config, claims, facts, out, what, sizeof(what));
	if (config->expect_violation) {
		judge_control(claims, facts, any, what, out);
	} else if (any) {
		verdict(out, VERDICT_FAIL, "%s", what);
	} else if (!claims) {
		verdict(out, VERDICT_PASS, "came to its end; a diagnostic claims nothing");
	} else {
		verdict(out, VERDICT_PASS, "%s expected: %s", out->key_expected ? "on" : "off",
			config->invlpgb && config->backend->interrupts == INTERRUPTS_ALL ?
				"INVLPGB may flush without interrupting" :
				config->backend->why);
	}
}
