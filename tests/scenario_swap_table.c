/* SPDX-License-Identifier: GPL-2.0-only */
/* The swap-table scenario on real VMs: translations through a table that is gone. */
#include "lab.h"
#include "test.h"

#define TRIALS 20

static void check(const char *backend, unsigned int cpus)
{
	struct run_config config = lab_config("swap-table", backend, cpus);
	struct run_result r;

	config.trials = TRIALS;
	lab_holds_exactly(&config, (uint64_t)TRIALS * (cpus - 1), (uint64_t)TRIALS * cpus, &r);
}

static void test_clean(void)
{
	for (size_t i = 0; i < lab_nr_cpus(); i++) {
		check("native", lab_cpus[i]);
		check("pvtlb", lab_cpus[i]);
	}
}

/* How many of the victim's looks after the flush were stale, with its IPI left out. */
static uint64_t stale(void)
{
	struct run_config config = lab_config("swap-table", "native", 2);
	struct run_result r;

	config.trials = TRIALS;
	config.fault = PVTLB_FAULT_SKIP_IPI;
	config.expect_violation = true;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	test_say("%llu stale looks in %u trials",
	       (unsigned long long)r.facts.findings.safe.bad.total, TRIALS);
	return r.facts.findings.safe.bad.total;
}

static void test_stale(void)
{
	CU_ASSERT_TRUE(stale() >= TRIALS / 2);
}

static void test_coherent(void)
{
	CU_ASSERT_EQUAL(stale(), 0);
}

SUITE(scenario_swap_table, true,
	{ "nothing stale, by CPU count", test_clean },
	{ "upper levels go stale", test_stale, NEEDS(SHOWS_STALE_2M) },
	{ "upper levels stay coherent", test_coherent, NEEDS(SHOWS_STALE_LASTING) });
