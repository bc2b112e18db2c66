/* SPDX-License-Identifier: GPL-2.0-only */
/* The two-mms scenario on real VMs: only CPUs that have the mm loaded are told. */
#include <string.h>

#include "lab.h"
#include "test.h"

#define TRIALS 20

/* Those that left are spared by native; the hypercall flushes the whole mask. */
static void check_counts(const struct run_result *r, bool native, uint64_t left)
{
	const struct counts *c = &r->facts.findings.counts;

	CU_ASSERT_EQUAL(c->flushes, 2 * TRIALS);
	CU_ASSERT_EQUAL(c->elsewhere, native ? TRIALS * left : 0);
	CU_ASSERT_EQUAL(c->hypercalls, native ? 0 : c->remote);
	CU_ASSERT_EQUAL(c->lazy, 0);
	CU_ASSERT_EQUAL(c->preempted, 0);
	CU_ASSERT_TRUE(r->facts.exits > 0);
	/* A flush by hypercall gets CPUs out, those that are in. */
	CU_ASSERT_TRUE(native || r->facts.kicks > 0);
}

static void check(const char *backend, unsigned int cpus)
{
	struct run_config config = lab_config("two-mms", backend, cpus);
	uint64_t stay = cpus / 2;
	struct run_result r;

	config.trials = TRIALS;
	/* After the flush every CPU looks, those included that were not told. */
	lab_holds_exactly(&config, TRIALS * stay, (uint64_t)TRIALS * cpus, &r);
	/* And A's last one, when it is destroyed: nobody has it loaded then. */
	CU_ASSERT_EQUAL(r.facts.findings.delivered.flushes, 2 * TRIALS);
	check_counts(&r, !strcmp(backend, "native"), cpus - 1 - stay);
}

static void test_targets(void)
{
	static const unsigned int cpus[] = { 2, 3, 4, 8, 64 };

	for (size_t i = 0; i < LAB_NR(cpus); i++) {
		if (cpus[i] == 64 && !test_full)
			continue;
		check("native", cpus[i]);
		check("pvtlb", cpus[i]);
	}
}

static void test_control(void)
{
	struct run_config config = lab_config("two-mms", "native", 4);
	struct run_result r;

	config.trials = TRIALS;
	config.fault = PVTLB_FAULT_SKIP_IPI;
	lab_caught(config, &r);
}

SUITE(scenario_two_mms, true,
	{ "an IPI left out is caught", test_control },
	{ "told are those that have it loaded, all see the new page", test_targets });
