/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims: what a run states about its configuration, judged from evidence and findings. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "judge/claims.h"
#include "judge/remarks.h"
#include "base/backend.h"
#include "base/words.h"

#define CAUGHT_PERCENT 99u

const char *const verdict_names[] = { "pass", "fail", "skip", "unknown" };

void judged(struct judgement *out, enum verdict v, const char *fmt, ...)
{
	va_list ap;

	out->verdict = v;
	va_start(ap, fmt);
	vsnprintf(out->why, sizeof(out->why), fmt, ap);
	va_end(ap);
}

static const char *on_off(bool on)
{
	return words_off_on.name[on];
}

/* Why the key has to be what is expected, one clause. */
static const char *reason(const struct run_config *config)
{
	if (config->invlpgb && config->backend->interrupts == INTERRUPTS_ALL)
		return "INVLPGB may flush without interrupting";
	return config->backend->why;
}

const char *sync_skipper(const struct run_config *config, const struct run_facts *facts, char *buf,
			 size_t len)
{
	bool forced = config->key != KEY_AUTO;

	if (!facts->key.value)
		snprintf(buf, len, "by policy %s: the key is off",
			 config->policy.name ? config->policy.name : "(unknown)");
	else if (key_expected(config))
		snprintf(buf, len, "the key is on%s, as expected: %s", forced ? " (forced)" : "",
			 reason(config));
	else
		snprintf(buf, len, "%s, and off is right: %s",
			 forced ? "you forced the key on (--key on)" : "the key is on",
			 reason(config));
	return buf;
}

/*
 * One mistake breaks several rules, one after the other: the first of what was found is the
 * cause, or next to it. By the same event, what CPUs may have cached says most. Of interrupts
 * that were not taken it is told where nothing came of them.
 */
const struct violation *claims_violated(uint32_t claims, const struct findings *findings)
{
	const struct violations *permitted = &findings->permitted.bad, *safe = &findings->safe.bad;
	const struct violations *delivered = &findings->delivered.bad;

	if (claims & PVTLB_CLAIM_SAFE && permitted->kept &&
	    (!safe->kept || violation_found(&permitted->v[0]) <= violation_found(&safe->v[0])))
		return &permitted->v[0];
	if (claims & PVTLB_CLAIM_SAFE && safe->kept)
		return &safe->v[0];
	return claims & PVTLB_CLAIM_DELIVERED && delivered->kept ? &delivered->v[0] : NULL;
}

/* Did the run look at nothing that it claims something about? */
static bool checked_nothing(const struct run_config *config, uint32_t claims,
			    const struct findings *f, struct judgement *out)
{
	const struct permitted *p = &f->permitted;

	/* What was found is worth more than what was not looked at. */
	if (claims & PVTLB_CLAIM_SAFE && p->bad.total)
		return false;
	if (claims & PVTLB_CLAIM_SAFE && !(f->safe.checks + f->safe.walk_loads) &&
	    !(p->stores + p->flushes + p->calls + p->pages + p->tables + p->looks))
		judged(out, VERDICT_FAIL,
		       "no access was checked, no walk, and nothing that CPUs may have cached");
	else if (claims & PVTLB_CLAIM_DELIVERED && config->cpus > 1 &&
		 !(f->delivered.targets + f->delivered.walkers))
		judged(out, VERDICT_FAIL, "no flush had a target, and no table a walker");
	else
		return false;
	return true;
}

/* NULL: it has no name. */
static const char *refusal(uint64_t why)
{
	static const char *const text[PVTLB_REFUSED_NR] = {
		[PVTLB_REFUSED_NO_HYPERVISOR] = "its hypervisor is not in CPUID",
		[PVTLB_REFUSED_NO_FEATURE] = "a feature that it needs is not in CPUID",
		[PVTLB_REFUSED_HINT] = "its hypervisor advises against it",
		[PVTLB_REFUSED_MWAIT] = "CPUs have MWAIT",
		[PVTLB_REFUSED_ONE_CPU] = "there is one CPU only",
	};

	return why < PVTLB_REFUSED_NR ? text[why] : NULL;
}

/* Under native flushes there is no backend that could be refused. */
static bool may_refuse(const struct run_config *config)
{
	return strcmp(config->backend->name, "native");
}

/* The backend is neither installed nor refused: whatever there is, is not its. */
static bool not_there(const struct run_config *config, const struct run_facts *facts)
{
	return !facts->installed && !facts->refused && may_refuse(config);
}

/* Is there harm that is to be told before any reason why less was done than asked for? */
static bool hides_violation(const struct run_config *config, uint32_t claims,
			    const struct run_facts *facts)
{
	return !config->expect_violation && claims_violated(claims, &facts->findings) &&
	       (facts->refused || !facts->key_decided || not_there(config, facts) || facts->unasked ||
		facts->findings.safe.gave_up);
}

/* What makes any run worthless, whatever it was to show. Returns whether there was something. */
static bool unusable(const struct run_config *config, uint32_t claims,
		     const struct run_facts *facts, struct judgement *out)
{
	const struct backend *backend = config->backend;

	if (backend->interrupts == INTERRUPTS_UNSAID || !backend->why || !backend->why[0])
		judged(out, VERDICT_FAIL,
		       "%s, step 3: vmm/pv/%s.c: say what .interrupts is, and .why "
		       "(docs/new-backend.md)",
		       backend->name, backend->name);
	else if (facts->lost || facts->malformed)
		judged(out, VERDICT_UNKNOWN,
			"%llu events lost, %llu malformed; nothing can be said",
			(unsigned long long)facts->lost, (unsigned long long)facts->malformed);
	else if (hides_violation(config, claims, facts))
		return false;
	else if (facts->refused && !refusal(facts->refused))
		judged(out, VERDICT_FAIL, "the guest has refused %s for a reason that has no name",
			config->backend->name);
	else if (facts->refused && !may_refuse(config))
		judged(out, VERDICT_FAIL,
			"the guest has refused a backend, and there was none to refuse");
	else if (facts->refused && claims_violated(claims, &facts->findings))
		judged(out, VERDICT_FAIL, "the guest has not installed %s: what there is, is not its",
			config->backend->name);
	else if (facts->refused && facts->installed)
		judged(out, VERDICT_FAIL, "the guest has refused %s, and has installed one",
			config->backend->name);
	else if (facts->refused)
		judged(out, VERDICT_SKIP,
			"the guest flushes natively: it has not installed %s, as %s",
			config->backend->name, refusal(facts->refused));
	else if (!facts->key_decided)
		judged(out, VERDICT_FAIL, "native_pv_tlb_init() did not run");
	else if (not_there(config, facts))
		judged(out, VERDICT_FAIL, "the guest has neither installed %s nor said why not",
			config->backend->name);
	else if (facts->unasked)
		judged(out, VERDICT_FAIL,
			"a flush has called its hypervisor (#%llu) without ASK before it: what it asked "
			"for cannot be judged (docs/new-backend.md, step 1)",
			(unsigned long long)facts->unasked);
	else if (!facts->from_trace && !facts->key.nr_sites)
		judged(out, VERDICT_FAIL, "the image has no site of tlb_ipi_broadcast_key");
	else if (!facts->from_trace && !evidence_agrees(&facts->key))
		judged(out, VERDICT_FAIL,
			"the bytes at a patched site contradict the key's variable (%s)",
			on_off(facts->key.value));
	else if (config->key != KEY_AUTO && facts->key.value != (config->key == KEY_ON))
		judged(out, VERDICT_FAIL, "the key was to be forced %s, and the guest has it %s",
			key_request_names[config->key], on_off(facts->key.value));
	else if (config->fault && !facts->fault_applied)
		judged(out, VERDICT_FAIL, "the fault %s was never applied: it has no place here",
			fault_names[config->fault]);
	else if (facts->findings.safe.gave_up)
		judged(out, VERDICT_UNKNOWN, "too many events to check them all");
	else
		return checked_nothing(config, claims, &facts->findings, out);
	return true;
}

/* The first violation as text: what was done, or what is wrong with the key; else "". */
struct first {
	bool key; /* it is the key's */
	char what[384];
};

/* Whose mistake is it that the key is what it is, in words; NULL when it is none. */
static const char *key_mistake(const struct run_config *config, uint32_t claims,
			       const struct run_facts *facts, const struct judgement *out)
{
	if (config->key != KEY_AUTO)
		return out->key_wrong && claims == PVTLB_CLAIM_KEY ? ", forced" : NULL;
	if (config->policy.key == PVTLB_KEY_NEVER)
		return facts->key.value ? ", though every sync was to be sent" : NULL;
	if (config->policy.key == PVTLB_KEY_PER_SYNC)
		return facts->key.value ? ", though it was for each sync to decide" : NULL;
	if (!out->key_wrong)
		return NULL;
	return config->policy.key == PVTLB_KEY_BY_DECLARATION ? ", as the backend declared" : "";
}

static void first_violation(const struct run_config *config, uint32_t claims,
			    const struct run_facts *facts, const struct judgement *out,
			    struct first *first)
{
	const struct violation *v = claims_violated(claims, &facts->findings);
	const char *mistake = key_mistake(config, claims, facts, out);

	*first = (struct first){ 0 };
	if (v) {
		violation_text(v, first->what, sizeof(first->what));
	} else if (claims & PVTLB_CLAIM_KEY && mistake) {
		first->key = true;
		snprintf(first->what, sizeof(first->what), "key WRONGLY %s%s%s%s",
			 facts->key.value ? "ON" : "OFF", mistake,
			 config->mm ? ": the tree's native_pv_tlb_init() decided" : "",
			 facts->key_decided_before_install ?
				 ": the backend was installed after native_pv_tlb_init() had decided" :
				 "");
	}
}

static void judge_control(const struct run_config *config, uint32_t claims,
			  const struct run_facts *facts, const struct first *first,
			  struct judgement *out)
{
	uint32_t trials = facts->findings.trials;
	/* Where the key is all there is to see it is wrong in every trial; elsewhere harm counts. */
	bool key = claims == PVTLB_CLAIM_KEY && first->key;
	uint32_t caught = !first->what[0] ? 0 : key ? trials : facts->findings.violated;
	/* Of a free run's trials some race; of others each is made to. */
	bool enough = config->stress ? caught :
				       (uint64_t)caught * 100 >= (uint64_t)trials * CAUGHT_PERCENT;

	if (first->what[0] && enough)
		judged(out, VERDICT_PASS, "caught in %u of %u trials: %s", caught, trials,
			first->what);
	else
		judged(out, VERDICT_FAIL, "NOT caught: a violation in only %u of %u trials",
			caught, trials);
}

/*
 * A backend that may leave targets out, and has left out none: in a run like this one the key
 * could be on, but nobody can know before.
 */
static const char *nobody_left_out(const struct run_config *config, uint32_t claims,
				   const struct delivered *d)
{
	if (config->backend->interrupts != INTERRUPTS_RUNNING || config->invlpgb ||
	    !(claims & PVTLB_CLAIM_DELIVERED) || !(d->targets + d->walkers) ||
	    d->interrupted != d->targets || d->walkers_interrupted != d->walkers)
		return "";
	return "; every target was interrupted: safe, a missed optimisation";
}

/* Why all is well. */
static void judge_good(const struct run_config *config, uint32_t claims,
		       const struct run_facts *facts, struct judgement *out)
{
	const char *none_out = nobody_left_out(config, claims, &facts->findings.delivered);
	bool expected = out->key_expected;

	if (!claims)
		judged(out, VERDICT_PASS, "came to its end; a diagnostic claims nothing");
	else if (config->key == KEY_ON && out->key_wrong)
		judged(out, VERDICT_PASS, "forced on, expected off (%s): no harm seen in this run%s",
			reason(config), none_out);
	else if (config->key == KEY_OFF && out->key_wrong)
		judged(out, VERDICT_PASS, "forced off, expected on: safe, a missed optimisation");
	else if (config->key == KEY_AUTO && config->policy.key == PVTLB_KEY_NEVER)
		judged(out, VERDICT_PASS, "off by policy, every sync is sent: %s%s", reason(config),
			expected ? "; a missed optimisation" : none_out);
	else if (config->key == KEY_AUTO && config->policy.key == PVTLB_KEY_PER_SYNC)
		judged(out, VERDICT_PASS, "off by policy, each sync decides: %s%s", reason(config),
			none_out);
	else
		judged(out, VERDICT_PASS, "%s expected: %s%s", on_off(expected), reason(config), none_out);
}

/* With a key that is wrongly on, what went wrong may be its fault. */
static void add_wrong_key(const struct run_config *config, const struct run_facts *facts,
			  const struct first *first, struct judgement *out)
{
	size_t len = strlen(out->why);

	if (!first->key && facts->key.value && out->key_wrong)
		snprintf(out->why + len, sizeof(out->why) - len, "; the key was %s, expected off (%s)",
			 config->key == KEY_ON ? "forced on" : "on", reason(config));
}

void judge(const struct run_config *config, uint32_t claims, const struct run_facts *facts,
	   struct judgement *out)
{
	struct first first;
	char missing[128];
	bool whole = !course_is_short(&facts->course, config, claims, facts->from_trace, missing,
				      sizeof(missing));

	*out = (struct judgement){ .key_expected = key_expected(config) };
	out->key_wrong = facts->key.value != out->key_expected;
	if (!unusable(config, claims, facts, out)) {
		first_violation(config, claims, facts, out, &first);
		if (!claims && (config->fault || config->expect_violation)) {
			judged(out, VERDICT_FAIL, "%s claims nothing: %s cannot show in it",
			       config->scenario,
			       config->fault ? fault_names[config->fault] : "a violation");
		} else if (config->expect_violation && whole) {
			judge_control(config, claims, facts, &first, out);
		} else if (first.what[0] && !config->expect_violation) {
			judged(out, VERDICT_FAIL, "%s", first.what);
			add_wrong_key(config, facts, &first, out);
		} else if (!whole) {
			judged(out, VERDICT_FAIL, "%s", missing);
		} else {
			judge_good(config, claims, facts, out);
		}
	}
	remarks_add(config, claims, facts, out->verdict == VERDICT_PASS, out->why,
		    sizeof(out->why));
}
