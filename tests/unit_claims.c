/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims: runs judged, each rule with a run on each side. */
#include <string.h>

#include "base/backend.h"
#include "judged.h"

static void judge_configurations(void)
{
	static const struct run runs[] = {
		{ "native, on", NATIVE, .on = true, .key_expected = true, GOOD,
		  .why = "interrupt every target" },
		{ "native, off", NATIVE, .key_expected = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY OFF" },
		{ "native with INVLPGB, off", NATIVE, .invlpgb = true, GOOD, .why = "INVLPGB" },
		{ "native with INVLPGB, on", NATIVE, .invlpgb = true, .on = true, .key_wrong = true,
		  FAILS, .why = "key WRONGLY ON" },
		{ "pvtlb, off", PVTLB, GOOD, .why = "interrupts no guest context" },
		{ "pvtlb with INVLPGB, off", PVTLB, .invlpgb = true, GOOD,
		  .why = "interrupts no guest context" },
		{ "pvtlb, on", PVTLB, .on = true, .key_wrong = true, FAILS, .why = "WRONGLY ON" },
		{ "forced to what is right", PVTLB, .key = KEY_OFF, GOOD },
		{ "late", PVTLB, .late = true, .on = true, .key_wrong = true, FAILS,
		  .why = "installed after native_pv_tlb_init() had decided" },
		{ "late and right all the same", PVTLB, .late = true, GOOD },
		{ "a fault that did no harm", PVTLB, .fault = PVTLB_FAULT_EARLY_ACK,
		  .fault_applied = true, GOOD },
		{ "one CPU has no targets", NATIVE, .on = true, .key_expected = true, .cpus = 1,
		  .no_targets = true, GOOD },
	};

	judge_runs(runs, NR_OF(runs));
}

static void judge_violations(void)
{
	static const struct run runs[] = {
		{ "stale", NATIVE, .on = true, .key_expected = true, .stale = 1, .violated = 1,
		  FAILS, .why = "CPU 3 read" },
		{ "not interrupted", NATIVE, .on = true, .key_expected = true, .undelivered = 1,
		  .violated = 1, FAILS, .why = "did not take an interrupt" },
		{ "interrupted", PVTLB, .undelivered = 1, .violated = 1, FAILS,
		  .why = "took an interrupt" },
		{ "stale comes first", PVTLB, .stale = 40, .undelivered = 1, .violated = 9, FAILS,
		  .why = "CPU 3 read" },
		{ "harm before the key", PVTLB, .on = true, .key_wrong = true, .stale = 1,
		  .violated = 1, FAILS, .why = "CPU 3 read" },
		{ "this harm, too", PVTLB, .on = true, .key_wrong = true, .undelivered = 1,
		  .violated = 1, FAILS, .why = "took an interrupt" },
		/* A scenario is judged for what it claims and no more. */
		{ "stale, not claimed", PVTLB, .claims = PVTLB_CLAIM_KEY | PVTLB_CLAIM_DELIVERED,
		  .stale = 1, .violated = 1, GOOD },
		{ "interrupted, not claimed", PVTLB, .claims = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
		  .undelivered = 1, .violated = 1, GOOD },
		{ "key, not claimed", PVTLB, .claims = PVTLB_CLAIM_SAFE, .on = true,
		  .key_wrong = true, GOOD },
		{ "nothing but the key", PVTLB, .claims = PVTLB_CLAIM_KEY, .no_checks = true,
		  .no_targets = true, GOOD },
	};

	judge_runs(runs, NR_OF(runs));
}

/* A forced key is judged by what came of it, unless there is nothing else to judge. */
static void judge_forced(void)
{
	static const struct run runs[] = {
		{ "on", PVTLB, .key = KEY_ON, .on = true, .key_wrong = true, GOOD,
		  .why = "forced on, expected off (the hypercall interrupts no guest context): no "
			 "harm seen in this run" },
		{ "on, INVLPGB", NATIVE, .invlpgb = true, .key = KEY_ON, .on = true,
		  .key_wrong = true, GOOD,
		  .why = "forced on, expected off (INVLPGB may flush without interrupting): no" },
		{ "off", NATIVE, .key = KEY_OFF, .key_expected = true, .key_wrong = true, GOOD,
		  .why = "forced off, expected on: safe, a missed optimisation" },
		{ "on, and stale", PVTLB, .key = KEY_ON, .on = true, .key_wrong = true, .stale = 1,
		  .violated = 1, FAILS,
		  .why = "; the key was forced on, expected off (the hypercall interrupts no guest context)" },
		{ "off, and stale", PVTLB, .key = KEY_OFF, .stale = 1, .violated = 1, FAILS,
		  .why = "CPU 3 read", .why_not = "the key was" },
		{ "on, as it should be, and stale", NATIVE, .key = KEY_ON, .on = true,
		  .key_expected = true, .stale = 1, .violated = 1, FAILS, .why = "CPU 3 read",
		  .why_not = "the key was" },
		{ "on, and not delivered", NATIVE, .invlpgb = true, .key = KEY_ON, .on = true,
		  .key_wrong = true, .undelivered = 1, .violated = 1, FAILS,
		  .why = "did not take" },
		{ "on, alone", PVTLB, ALONE, .key = KEY_ON, .on = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY ON, forced" },
		{ "off, alone", NATIVE, ALONE, .key = KEY_OFF, .key_expected = true,
		  .key_wrong = true, FAILS, .why = "key WRONGLY OFF, forced" },
		{ "on, as it should be", NATIVE, .key = KEY_ON, .on = true, .key_expected = true,
		  GOOD, .why = "on expected: native" },
		{ "on, and is off", PVTLB, .key = KEY_ON, FAILS,
		  .why = "the key was to be forced on, and the guest has it off" },
		{ "off, and is on", NATIVE, .key = KEY_OFF, .on = true, .key_expected = true, FAILS,
		  .why = "the key was to be forced off, and the guest has it on" },
		{ "on, and is off, control", PVTLB, .key = KEY_ON, .expect_violation = true,
		  .stale = 100, .violated = 100, FAILS, .why = "to be forced on" },
		{ "stronger than a policy", PVTLB, NOSYNC, .key = KEY_ON, .on = true,
		  .key_wrong = true, GOOD, .why = "forced on" },
		{ "not claimed", PVTLB, .claims = PVTLB_CLAIM_SAFE, .key = KEY_ON, .on = true,
		  .key_wrong = true, GOOD, .why = "forced on" },
	};

	judge_runs(runs, NR_OF(runs));
}

static void judge_policies(void)
{
	static const struct run runs[] = {
		{ "always-sync, native", NATIVE, NOSYNC, .key_expected = true, .key_wrong = true,
		  GOOD,
		  .why = "off by policy, every sync is sent: native flushes interrupt every "
			 "target; a missed optimisation" },
		{ "always-sync, pvtlb", PVTLB, NOSYNC, GOOD,
		  .why = "off by policy, every sync is sent: the hypercall interrupts no guest "
			 "context" },
		{ "always-sync, alone", NATIVE, NOSYNC, ALONE, .key_expected = true,
		  .key_wrong = true, GOOD, .why = "off by policy" },
		{ "always-sync, and on", NATIVE, NOSYNC, .on = true, .key_expected = true, FAILS,
		  .why = "key WRONGLY ON, though every sync was to be sent" },
		{ "always-sync, and on, pvtlb", PVTLB, NOSYNC, .on = true, .key_wrong = true,
		  FAILS, .why = "key WRONGLY ON, though" },
		{ "always-sync, and stale", NATIVE, NOSYNC, .key_expected = true,
		  .key_wrong = true, .stale = 1, .violated = 1, FAILS, .why = "CPU 3 read" },
		{ "always-sync, late", PVTLB, NOSYNC, .late = true, GOOD, .why = "off by policy" },
		{ "each sync, native", NATIVE, EACH, .key_expected = true, .key_wrong = true, GOOD,
		  .why = "off by policy, each sync decides: native flushes" },
		{ "each sync, pvtlb", PVTLB, EACH, GOOD,
		  .why = "sync decides: the hypercall interrupts no guest context (policy tracked)" },
		{ "each sync, and harm", PVTLB, EACH, .stale = 1, FAILS },
		{ "each sync, on", PVTLB, EACH, .on = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY ON, though it was for each sync to decide" },
		{ "declared, native", NATIVE, V4, .on = true, .key_expected = true, GOOD,
		  .why = "on expected" },
		{ "declared, pvtlb", PVTLB, V4, .on = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY ON, as the backend declared" },
		{ "declared, pvtlb, alone", PVTLB, V4, ALONE, .on = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY ON, as the backend declared" },
		{ "declared, native, off", NATIVE, V4, .key_expected = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY OFF, as the backend declared" },
		{ "declared, and harm", PVTLB, V4, .on = true, .key_wrong = true, .stale = 1,
		  .violated = 1, FAILS, .why = "CPU 3 read" },
		{ "declared, late", PVTLB, V4, .late = true, .on = true, .key_wrong = true, FAILS,
		  .why = "as the backend declared: the backend was installed after" },
		{ "always-sync, a control", NATIVE, NOSYNC, ALONE, .expect_violation = true,
		  .key_expected = true, .key_wrong = true, FAILS, .why = "NOT caught" },
		{ "declared, a control", PVTLB, V4, ALONE, .expect_violation = true, .on = true,
		  .key_wrong = true, GOOD, .why = "caught in 100 of 100 trials: key WRONGLY ON" },
	};

	judge_runs(runs, NR_OF(runs));
}

#define KVM    .backend = "kvm"
#define MISSED "; every target was interrupted: safe, a missed optimisation"
#define OUT    "preempted CPUs are left out of the IPIs"

/* A backend that may leave CPUs out: did it? */
static void judge_left_out(void)
{
	static const struct run runs[] = {
		{ "none", KVM, .interrupted = 300, GOOD, .why = "off expected: " OUT MISSED },
		{ "none, walkers neither", KVM, .interrupted = 300, .walks = true, GOOD,
		  .why = "off expected: " OUT },
		{ "one", KVM, .interrupted = 299, GOOD, .why = "off expected: " OUT },
		{ "none, forced on", KVM, .key = KEY_ON, .on = true, .key_wrong = true,
		  .interrupted = 300, GOOD, .why = "(" OUT "): no harm seen in this run" MISSED },
		{ "none, always-sync", KVM, NOSYNC, .interrupted = 300, GOOD,
		  .why = "every sync is sent: " OUT MISSED },
		{ "none, but stale", KVM, .interrupted = 300, .stale = 1, .violated = 1, FAILS,
		  .why = "CPU 3 read" },
		{ "another backend's interrupts", PVTLB, .interrupted = 300, GOOD,
		  .why = "no guest context" },
	};

	judge_runs(runs, NR_OF(runs));
}

/* No claim is judged about a backend that is not there. */
static void judge_refused(void)
{
	static const struct run runs[] = {
		{ "one CPU", KVM, .on = true, .key_wrong = true, .refused = PVTLB_REFUSED_ONE_CPU,
		  .verdict = VERDICT_SKIP, .why = "not installed kvm, as there is one CPU only" },
		{ "a control", KVM, .expect_violation = true, .refused = PVTLB_REFUSED_MWAIT,
		  .verdict = VERDICT_SKIP, .why = "as CPUs have MWAIT" },
		{ "no such reason", KVM, .refused = UINT64_MAX, FAILS,
		  .why = "has refused kvm for a reason that has no name" },
		{ "the first such", KVM, .refused = PVTLB_REFUSED_NR, FAILS,
		  .why = "has refused kvm for a reason that has no name" },
		{ "nothing to refuse", NATIVE, .on = true, .key_expected = true,
		  .refused = PVTLB_REFUSED_HINT, FAILS, .why = "there was none to refuse" },
		{ "installed after all", KVM, .refused = PVTLB_REFUSED_HINT, .installed = true, FAILS,
		  .why = "has refused kvm, and has installed one" },
		{ "calls without a word", PVTLB, .unasked = 77, FAILS,
		  .why = "called its hypervisor (#77) without ASK" },
		{ "the same, and harm", PVTLB, .unasked = 77, .stale = 1, .violated = 1, FAILS,
		  .why = "CPU 3 read" },
		{ "neither", KVM, .not_installed = true, FAILS,
		  .why = "has neither installed kvm nor said why not" },
		{ "nothing to install", NATIVE, .on = true, .key_expected = true,
		  .not_installed = true, GOOD },
		{ "harm", KVM, .refused = PVTLB_REFUSED_HINT, .stale = 1, .violated = 1, FAILS,
		  .why = "CPU 3 read" },
		{ "harm, and key undecided", KVM, .not_decided = true, .stale = 1, .violated = 1,
		  FAILS, .why = "CPU 3 read" },
		{ "harm, and too many events", KVM, .gave_up = true, .stale = 1, .violated = 1, FAILS,
		  .why = "CPU 3 read" },
		{ "harm, and events lost", KVM, .refused = PVTLB_REFUSED_HINT, .lost = 1, .stale = 1,
		  .violated = 1, UNSURE, .why = "1 events lost" },
		{ "harm that is expected", KVM, .expect_violation = true,
		  .refused = PVTLB_REFUSED_MWAIT, .stale = 100, .violated = 100, FAILS,
		  .why = "has not installed kvm: what there is" },
		{ "events lost", KVM, .refused = PVTLB_REFUSED_HINT, .lost = 1, UNSURE,
		  .why = "1 events lost" },
	};

	judge_runs(runs, NR_OF(runs));
}

static void names(void)
{
	CU_ASSERT_STRING_EQUAL(verdict_names[VERDICT_PASS], "pass");
	CU_ASSERT_STRING_EQUAL(verdict_names[VERDICT_FAIL], "fail");
	CU_ASSERT_STRING_EQUAL(verdict_names[VERDICT_SKIP], "skip");
	CU_ASSERT_STRING_EQUAL(verdict_names[VERDICT_UNKNOWN], "unknown");
}

/* What was not done cannot have held; what harm it did before counts first. */
static void judge_short(void)
{
	static const struct run runs[] = {
		{ "a trial is missing", PVTLB, .trials_missing = 1, FAILS,
		  .why = "ran 99 of the 100 trials asked for" },
		{ "the key alone has no trials", PVTLB, ALONE, .trials_missing = 1, GOOD },
		{ "a CPU is elsewhere", PVTLB, .absent = 2, FAILS,
		  .why = "CPU 2 had not arrived from its phase" },
		{ "harm first", PVTLB, .absent = 2, .stale = 1, .violated = 1, FAILS,
		  .why = "CPU 3 read" },
		{ "a control", CONTROL, .trials_missing = 1, .stale = 100, .violated = 99, FAILS,
		  .why = "ran 99 of the 100 trials asked for" },
	};

	judge_runs(runs, NR_OF(runs));
}

/* What claims nothing has nothing that could go wrong, so nothing that is asked for can show. */
static void judge_diagnostics(void)
{
	static const struct run runs[] = {
		{ "by itself", PVTLB, .no_claims = true, GOOD, .why = "a diagnostic claims nothing" },
		{ "with a fault", PVTLB, .no_claims = true, .fault = PVTLB_FAULT_EARLY_ACK,
		  .fault_applied = true, FAILS, .why = "shootdown claims nothing: early-ack cannot" },
		{ "a control", PVTLB, .no_claims = true, .expect_violation = true, FAILS,
		  .why = "shootdown claims nothing: a violation cannot" },
		{ "one claim, with a fault", PVTLB, .claims = PVTLB_CLAIM_SAFE,
		  .fault = PVTLB_FAULT_EARLY_ACK, .fault_applied = true, GOOD },
	};

	judge_runs(runs, NR_OF(runs));
}

/* A backend that does not say what it interrupts, or not why, does not pass. */
static void judge_unsaid(void)
{
#define STEP_3 "foo, step 3: vmm/pv/foo.c: say what .interrupts is, and .why"
	static const struct backend unsaid = { "foo", "vmm", .paravirt = true, .why = "a reason" };
	static const struct backend no_why = { "foo", "vmm", .interrupts = INTERRUPTS_NONE };
	static const struct backend empty = { "foo", "vmm", .interrupts = INTERRUPTS_NONE, .why = "" };
	static const struct backend said = { "foo", "vmm", .interrupts = INTERRUPTS_NONE,
					     .why = "a reason" };
	static const struct run runs[] = {
		{ "nothing", PVTLB, .made = &unsaid, FAILS, .why = STEP_3 },
		{ "no reason", PVTLB, .made = &no_why, FAILS, .why = STEP_3 },
		{ "an empty one", PVTLB, .made = &empty, FAILS, .why = STEP_3 },
		{ "both", PVTLB, .made = &said, GOOD, .why = "off expected: a reason" },
		{ "a control", PVTLB, .made = &unsaid, .expect_violation = true, .stale = 100,
		  .violated = 100, FAILS, .why = STEP_3 },
	};

	judge_runs(runs, NR_OF(runs));
}

static void skippers(void)
{
	static const struct {
		const char *backend;
		enum key_request key;
		struct run_policy policy;
		bool on;
		const char *says;
	} cases[] = {
		{ "pvtlb", KEY_ON, .on = true,
		  .says = "you forced the key on (--key on), and off is right: the hypercall interrupts no "
		          "guest context" },
		{ "native", KEY_ON, .on = true,
		  .says = "the key is on (forced), as expected: native flushes interrupt every target" },
		{ "native", KEY_AUTO, .on = true,
		  .says = "the key is on, as expected: native flushes interrupt every target" },
		{ "pvtlb", KEY_AUTO, .policy = P_DECLARED, .on = true,
		  .says = "the key is on, and off is right: the hypercall interrupts no guest context" },
		{ "pvtlb", KEY_AUTO, .policy = P_TRACKED, .says = "by policy tracked: the key is off" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct run_config config = { .backend = backend_named(cases[i].backend),
						   .key = cases[i].key,
						   .policy = cases[i].policy };
		static struct run_facts facts;
		char text[160];

		facts.key.value = cases[i].on;
		CU_ASSERT_STRING_EQUAL(sync_skipper(&config, &facts, text, sizeof(text)),
				       cases[i].says);
	}
}

SUITE(unit_claims, false, { "who skips syncs", skippers }, { "diagnostics", judge_diagnostics },
      { "backends that do not say", judge_unsaid }, { "short runs", judge_short }, { "configurations", judge_configurations },
      { "violations", judge_violations }, { "forced keys", judge_forced },
      { "policies", judge_policies }, { "CPUs left out", judge_left_out },
      { "not installed", judge_refused }, { "verdict_names", names });
