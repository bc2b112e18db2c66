/* SPDX-License-Identifier: GPL-2.0-only */
/* Walks against changes of the tables, on real VMs: what holds, and what is caught every time. */
#include <string.h>

#include "base/config.h"
#include "lab.h"
#include "machine/machine.h"
#include "base/backend.h"
#include "policy.h"
#include "test.h"

#define TRIALS 100

/* Everything that is about the lifetime of tables, or about who is told of a flush. */
static const char *const scenarios[] = {
	"collapse-vs-gup", "unshare-vs-gup", "munmap-vs-gup",	"preempted-walker",
	"rcu-walker",	   "lazy-cpu",	     "lazy-race",	"gen-reorder",
	"nested-zap",	   "ceiling",	     "asid-transition",
};

/* A walk that only the sync keeps out of a table that is used again. */
static const char *const walkers[] = { "collapse-vs-gup", "unshare-vs-gup", "preempted-walker",
				       "munmap-vs-gup" };

/* Of lab_cpus; the emulated machine is slow, and up to 4 CPUs it is quick enough. */
static size_t nr_counts(void)
{
	return test_host.emulated ? 3 : lab_nr_cpus();
}

static void check_holds(const struct run_config *config)
{
	struct run_result r;

	lab_run(config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(r.facts.findings.safe.bad.total, 0);
	CU_ASSERT_EQUAL(r.facts.findings.delivered.bad.total, 0);
}

/* Native, native with INVLPGB shown, pvtlb; 2 CPUs to 64. */
static void check_everywhere(enum key_request key, struct run_policy policy, const char *backend)
{
	for (size_t s = 0; s < sizeof(scenarios) / sizeof(scenarios[0]); s++) {
		for (size_t i = 1; i < nr_counts(); i++) {
			struct run_config config = lab_config(scenarios[s], backend, lab_cpus[i]);

			config.key = key;
			config.policy = policy;
			check_holds(&config);
			config.invlpgb = !key && lab_cpus[i] == 4;
			if (config.invlpgb)
				check_holds(&config);
		}
	}
}

static void test_native(void)
{
	check_everywhere(KEY_AUTO, policy_patch, "native");
}

static void test_pvtlb(void)
{
	check_everywhere(KEY_AUTO, policy_patch, "pvtlb");
}

/* Where every flush interrupts every target, the key may be on by whatever word. */
static void test_native_on(void)
{
	check_everywhere(KEY_ON, policy_patch, "native");
	check_everywhere(KEY_AUTO, policy_declared, "native");
}

static void test_always_sync(void)
{
	check_everywhere(KEY_AUTO, policy_always_sync, "native");
	check_everywhere(KEY_OFF, policy_patch, "native");
	check_everywhere(KEY_AUTO, policy_always_sync, "pvtlb");
}

/* Caught in every trial, by a walk that used a table after it was taken away. */
static void check_caught(const struct run_config *config, unsigned int walks)
{
	const struct findings *f;
	struct run_result r;

	lab_run(config, &r);
	f = &r.facts.findings;
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(f->trials, config->trials);
	CU_ASSERT_EQUAL(f->violated, config->trials);
	CU_ASSERT_TRUE(f->safe.bad.total >= (uint64_t)config->trials * walks);
	CU_ASSERT_EQUAL(f->delivered.walkers_interrupted < f->delivered.walkers, walks > 0);
	printf("\n      %s, %s, %u CPUs: caught in %u of %u trials", config->scenario,
	       config->backend->name, config->cpus, f->violated, f->trials);
}

static void check_all_caught(enum key_request key, struct run_policy policy)
{
	unsigned int few = test_host.emulated ? 2 : 4;

	for (size_t s = 0; s < sizeof(walkers) / sizeof(walkers[0]); s++) {
		for (size_t i = 1; i < nr_counts(); i++) {
			struct run_config config = lab_config(walkers[s], "pvtlb", lab_cpus[i]);

			config.key = key;
			config.policy = policy;
			config.expect_violation = true;
			config.trials = lab_cpus[i] > few ? 5 : TRIALS;
			check_caught(&config, 1);
		}
	}
}

static void test_forced_on(void)
{
	check_all_caught(KEY_ON, policy_patch);
}

static void test_v4(void)
{
	check_all_caught(KEY_AUTO, policy_declared);
}

/* An early return of tlb_remove_table_sync_rcu() and a walker that has only RCU. */
static void test_rcu_sync(void)
{
	struct run_config config = lab_config("rcu-walker-sync", "native", 4);
	struct run_result r;

	check_holds(&(struct run_config){ .scenario = config.scenario, .backend = config.backend,
					  .paravirt = true, .cpus = 4, .trials = 10, .timeout = 120,
					  .key = KEY_OFF });
	config.trials = TRIALS;
	config.expect_violation = true;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(r.facts.findings.violated, TRIALS);
	/* What it read there is wrong data. */
	lab_run_report(&config, &r);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r.report);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.report, "poison"));
	run_result_free(&r);
	/* It was interrupted, and that was not enough: no walk with IRQs off is in this. */
	CU_ASSERT_EQUAL(r.facts.findings.delivered.walkers, 0);
	config = lab_config("rcu-walker-sync", "pvtlb", 4);
	check_holds(&config);
}

static void test_no_flush(void)
{
	static const char *const backends[] = { "native", "pvtlb" };

	for (size_t b = 0; b < 2; b++) {
		struct run_config config = lab_config("no-flush", backends[b], 4);
		struct run_result r;

		config.trials = 20;
		config.expect_violation = true;
		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
		CU_ASSERT_EQUAL(r.facts.findings.violated, 20);
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

	CU_ASSERT_EQUAL_FATAL(machine_create(&m, &test_host, &lab_images()->image[1], &config, &err),
			      0);
	m.console = NULL;
	CU_ASSERT_EQUAL(machine_run(&m, &err), 0);
	CU_ASSERT_EQUAL(mask_of(&m, 0), 0xf);
	CU_ASSERT_EQUAL(mask_of(&m, 1), 0xf);
	CU_ASSERT_EQUAL(mask_of(&m, 2), 0x9);
	machine_destroy(&m);
}

/* Running free: nothing goes wrong where nothing should; how much is caught else is luck. */
static void test_stress(void)
{
	static const char *const backends[] = { "native", "pvtlb" };
	static const char *const free_running[] = { "collapse-vs-gup", "unshare-vs-gup",
						    "munmap-vs-gup", "rcu-walker",
						    "preempted-walker" };

	for (size_t s = 0; s < sizeof(free_running) / sizeof(free_running[0]); s++) {
		for (size_t b = 0; b < 2; b++) {
			struct run_config config = lab_config(free_running[s], backends[b], 3);
			struct run_result r;

			config.stress = 1;
			config.seed = s + 1;
			lab_run(&config, &r);
			CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
			CU_ASSERT_TRUE(r.facts.findings.safe.walk_loads > 0);
			config.key = KEY_ON;
			lab_run(&config, &r);
			printf("\n      %s, %s, free, key on: a violation in %u of %u trials",
			       free_running[s], backends[b], r.facts.findings.violated,
			       r.facts.findings.trials);
			if (!b)
				CU_ASSERT_EQUAL(r.facts.findings.violated, 0);
		}
	}
}

SUITE(scenario_walks, true,
	{ "native: all hold, 2 CPUs to 64", test_native },
	{ "pvtlb: all hold, 2 CPUs to 64", test_pvtlb },
	{ "native, key forced on: all hold", test_native_on },
	{ "always-sync, key forced off: all hold", test_always_sync },
	{ "pvtlb, key forced on: caught every time", test_forced_on },
	{ "pvtlb, v4: caught every time", test_v4 },
	{ "sync_rcu's early return and a walker with RCU alone", test_rcu_sync },
	{ "a sync without a flush before it", test_no_flush },
	{ "lazy CPUs are woken for tables only", test_lazy_targets },
	{ "an ASID transition makes targets of all", test_asid_targets },
	{ "masks are trimmed when it is time", test_trim },
	{ "running free", test_stress });
