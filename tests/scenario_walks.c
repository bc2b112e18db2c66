/* SPDX-License-Identifier: GPL-2.0-only */
/* Walks against changes of the tables, on real VMs: what holds, and what is caught every time. */
#include <string.h>

#include "base/config.h"
#include "lab.h"
#include "machine/machine.h"
#include "base/backend.h"
#include "policy.h"
#include "test.h"

/* Everything that is about the lifetime of tables, or about who is told of a flush. */
static const char *const scenarios[] = {
	"collapse-vs-gup",
	"unshare-vs-gup",
	"munmap-vs-gup",
	"preempted-walker",
	"rcu-walker",
	"lazy-cpu",
	"lazy-race",
	"gen-reorder",
	"nested-zap",
	"ceiling",
	"asid-transition",
	"collapse-vs-grab",
	"rcu-nested",
	"lazy-collapse",
	"lazy-return",
	"switch-begins",
	"switch-loads",
	"switch-ends",
	"switch-batch",
	"transition-switch",
	"gen-stored-late",
	"mixed-gather",
	"mremap",
	"batched-unmap",
	"batch-then-unmap",
	"unshare-all",
	"kernel-range",
	"cpu-offline",
	"offline-reuse",
	"lazy-missed",
	"preempted-race",
	"preempted-resume",
	"held-asking",
	"asid-reuse",
	"asid-kept",
	"churn",
	NULL,
};

/* A walk that only the sync keeps out of a table that is used again. */
static const char *const walkers[] = { "collapse-vs-gup", "unshare-vs-gup", "preempted-walker",
				       "munmap-vs-gup", NULL };

static void holds(struct run_config config)
{
	struct run_result r;

	/* The emulated machine is slow, and up to 4 CPUs it is quick enough. */
	if (test_host.emulated && config.cpus > 4)
		return;
	lab_holds(&config, &r);
	/* With INVLPGB shown, too, where the key is nobody's order. */
	config.invlpgb = !config.key && config.cpus == 4;
	if (config.invlpgb)
		lab_holds(&config, &r);
}

static void check_hold(const char *backend, enum key_request key, struct run_policy policy)
{
	struct run_config config = lab_config(NULL, backend, 0);

	config.key = key;
	config.policy = policy;
	lab_sweep(scenarios, config, holds);
}

static void test_native(void)
{
	check_hold("native", KEY_AUTO, policy_patch);
}

static void test_pvtlb(void)
{
	check_hold("pvtlb", KEY_AUTO, policy_patch);
}

/* Where every flush interrupts every target, the key may be on by whatever word. */
static void test_native_on(void)
{
	check_hold("native", KEY_ON, policy_patch);
	check_hold("native", KEY_AUTO, policy_declared);
}

static void test_always_sync(void)
{
	check_hold("native", KEY_AUTO, policy_always_sync);
	check_hold("native", KEY_OFF, policy_patch);
	check_hold("pvtlb", KEY_AUTO, policy_always_sync);
}

/* Caught in every trial, by a walk that used a table after it was taken away. */
static void caught(struct run_config config)
{
	const struct findings *f;
	struct run_result r;

	if (test_host.emulated && config.cpus > 4)
		return;
	config.trials = config.cpus > (test_host.emulated ? 2 : 4) ? 5 : lab_trials();
	lab_caught(config, &r);
	f = &r.facts.findings;
	CU_ASSERT_TRUE(f->safe.bad.total >= config.trials);
	CU_ASSERT_TRUE(f->delivered.walkers_interrupted < f->delivered.walkers);
}

static void test_forced_on(void)
{
	struct run_config config = lab_config(NULL, "pvtlb", 0);

	config.key = KEY_ON;
	lab_sweep(walkers, config, caught);
}

static void test_v4(void)
{
	struct run_config config = lab_config(NULL, "pvtlb", 0);

	config.policy = policy_declared;
	lab_sweep(walkers, config, caught);
}

/* An early return of tlb_remove_table_sync_rcu() and a walker that has only RCU. */
static void test_rcu_sync(void)
{
	struct run_config config = lab_config("rcu-walker-sync", "native", 4);
	struct run_result r;

	config.trials = 10;
	config.key = KEY_OFF;
	lab_holds(&config, &r);
	config.trials = lab_trials();
	config.key = KEY_AUTO;
	lab_caught(config, &r);
	/* What it read there is wrong data. */
	config.expect_violation = true;
	lab_run_report(&config, &r);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r.report);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.report, "poison"));
	run_result_free(&r);
	/* It was interrupted, and that was not enough: no walk with IRQs off is in this. */
	CU_ASSERT_EQUAL(r.facts.findings.delivered.walkers, 0);
	config = lab_config("rcu-walker-sync", "pvtlb", 4);
	lab_holds(&config, &r);
}

static void test_no_flush(void)
{
	static const char *const backends[] = { "native", "pvtlb" };

	for (size_t b = 0; b < LAB_NR(backends); b++) {
		struct run_config config = lab_config("no-flush", backends[b], 4);
		struct run_result r;

		config.trials = 20;
		lab_caught(config, &r);
	}
}

/* Lazy CPUs: interrupted by the two flushes with tables, by no other. */
static void test_lazy_targets(void)
{
	struct run_config config = lab_config("lazy-cpu", "native", 4);
	struct run_result r;

	config.trials = 10;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(r.facts.findings.delivered.targets, 10 * 2 * 3);
	CU_ASSERT_EQUAL(r.facts.findings.delivered.interrupted, 10 * 2 * 3);
	/* By the one without they are passed by, and that is counted as what it is. */
	CU_ASSERT_EQUAL(r.facts.findings.counts.remote, 10 * 3);
	CU_ASSERT_EQUAL(r.facts.findings.counts.lazy, 10 * 3);
	CU_ASSERT_EQUAL(r.facts.findings.counts.elsewhere, 0);
}

/* In transition all CPUs of the mask are targets; without INVLPGB there is no transition. */
static void test_asid_targets(void)
{
	for (int invlpgb = 0; invlpgb < 2; invlpgb++) {
		struct run_config config = lab_config("asid-transition", "native", 4);
		struct run_result r;

		config.invlpgb = invlpgb;
		config.trials = 10;
		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
		CU_ASSERT_EQUAL(r.facts.findings.delivered.targets, 10 * (invlpgb ? 1 + 3 : 1 + 1));
	}
}

/* The mask of the n-th flush of a trial, counted from 0; 4 CPUs. */
static uint64_t mask_of(const struct machine *m, unsigned int n)
{
	for (size_t i = 0; i < m->log.nr; i++)
		if (m->log.event[i].id == PVTLB_EV_FLUSH_MULTI && !n--)
			return m->log.event[i].flush_multi.cpus.bits[0];
	return 0;
}

/* CPUs that have left an mm are in its mask until they are asked. */
static void test_trim(void)
{
	struct run_config config = lab_config("trim", "native", 4);
	struct error err = { 0 };
	struct machine m;

	CU_ASSERT_EQUAL(lab_machine(&m, &config, &err), 0);
	CU_ASSERT_EQUAL(mask_of(&m, 0), 0xf);
	CU_ASSERT_EQUAL(mask_of(&m, 1), 0xf);
	CU_ASSERT_EQUAL(mask_of(&m, 2), 0x9);
	machine_destroy(&m);
}

/* Running free: nothing goes wrong where nothing should; how much is caught else is luck. */
static void run_free(const char *scenario, const char *backend, enum key_request key, uint64_t seed)
{
	struct run_config config = lab_config(scenario, backend, 3);
	bool right = key == KEY_AUTO || !strcmp(backend, "native");
	struct run_result r;

	config.stress = 1;
	config.seed = seed;
	config.key = key;
	lab_run(&config, &r);
	test_say("%s, %s, free, key %s: a violation in %u of %u trials", scenario, backend,
		 key_request_names[key], r.facts.findings.violated, r.facts.findings.trials);
	CU_ASSERT_TRUE(r.facts.findings.safe.walk_loads > 0);
	if (!right)
		return;
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(r.facts.findings.violated, 0);
}

static void test_stress(void)
{
	static const char *const backends[] = { "native", "pvtlb" };
	static const char *const free_running[] = { "collapse-vs-gup", "unshare-vs-gup",
						    "munmap-vs-gup", "rcu-walker",
						    "preempted-walker" };

	for (size_t s = 0; s < LAB_NR(free_running); s++) {
		for (size_t b = 0; b < LAB_NR(backends); b++) {
			run_free(free_running[s], backends[b], KEY_AUTO, s + 1);
			/* A second each: in a run of minutes there is no time for it. */
			if (test_full)
				run_free(free_running[s], backends[b], KEY_ON, s + 1);
		}
	}
}

SUITE(scenario_walks, true, { "native: all hold, by CPU count", test_native },
      { "pvtlb: all hold, by CPU count", test_pvtlb },
      { "native, key forced on: all hold", test_native_on },
      { "always-sync, key forced off: all hold", test_always_sync },
      { "pvtlb, key forced on: caught every time", test_forced_on },
      { "pvtlb, v4: caught every time", test_v4 },
      { "sync_rcu's early return and a walker with RCU alone", test_rcu_sync },
      { "a sync without a flush before it", test_no_flush },
      { "lazy CPUs are woken for tables only", test_lazy_targets },
      { "an ASID transition makes targets of all", test_asid_targets },
      { "masks are trimmed when it is time", test_trim }, { "running free", test_stress });
