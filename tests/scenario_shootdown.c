/* SPDX-License-Identifier: GPL-2.0-only */
/* The shootdown scenario on real VMs, right and wrong. */
#include <string.h>

#include "lab.h"
#include "test.h"

/* Five extents by three changes; each step flushes twice. Pages: 1, 8, 40, 4 and a large one. */
#define STEPS	     15
#define FLUSHES	     (2 * STEPS)
#define PAGES	     54
#define TRIALS	     100
#define CAUGHT_LEAST 99

static void check_clean(const char *backend, unsigned int cpus, bool paravirt, bool invlpgb)
{
	struct run_config config = lab_config("shootdown", backend, cpus);
	const struct findings *f;
	struct run_result r;
	uint64_t targets = (uint64_t)FLUSHES * (cpus - 1);

	config.paravirt = paravirt;
	config.invlpgb = invlpgb;
	lab_run(&config, &r);
	f = &r.facts.findings;
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(f->delivered.flushes, FLUSHES);
	CU_ASSERT_EQUAL(f->delivered.targets, targets);
	CU_ASSERT_EQUAL(f->delivered.interrupted, strcmp(backend, "native") ? 0 : targets);
	/* Each CPU looks at each page before and after each of the three changes. */
	CU_ASSERT_EQUAL(f->safe.checks, (uint64_t)PAGES * 3 * 2 * cpus);
	CU_ASSERT_EQUAL(f->safe.checks_large, (uint64_t)3 * 2 * cpus);
	CU_ASSERT_EQUAL(f->safe.bad.total, 0);
	CU_ASSERT_EQUAL(r.facts.lost, 0);
}

static void test_native(void)
{
	for (size_t i = 0; i < sizeof(lab_cpus) / sizeof(lab_cpus[0]); i++) {
		check_clean("native", lab_cpus[i], true, false);
		check_clean("native", lab_cpus[i], false, false);
	}
	check_clean("native", 4, true, true);
}

static void test_pvtlb(void)
{
	for (size_t i = 0; i < sizeof(lab_cpus) / sizeof(lab_cpus[0]); i++)
		check_clean("pvtlb", lab_cpus[i], true, false);
	check_clean("pvtlb", 4, true, true);
}

static void test_255_cpus(void)
{
	check_clean("native", 255, true, false);
	check_clean("pvtlb", 255, true, false);
}

/*
 * A negative control: in nearly every trial, and here in which way and whose violation it must
 * be. An IPI left out and a hypercall target left out hit the last CPU, as does the early
 * acknowledgement; the forgotten flush is CPU 0's own.
 */
static const struct {
	const char *backend;
	enum pvtlb_fault fault;
	bool initiator; /* the violation is CPU 0's, else the last one's */
	bool undelivered;
} controls[] = {
	{ "native", PVTLB_FAULT_SKIP_IPI, false, true },
	{ "native", PVTLB_FAULT_EARLY_ACK, false, false },
	{ "native", PVTLB_FAULT_SKIP_LOCAL, true, false },
	{ "pvtlb", PVTLB_FAULT_SKIP_TARGET, false, false },
};

static void check_control(size_t i, unsigned int cpus, unsigned int trials)
{
	struct run_config config = lab_config("shootdown", controls[i].backend, cpus);
	unsigned int victim = controls[i].initiator ? 0 : cpus - 1;
	const struct findings *f;
	struct run_result r;
	char name[32];

	config.fault = controls[i].fault;
	config.trials = trials;
	config.expect_violation = true;
	lab_run(&config, &r);
	f = &r.facts.findings;
	printf("\n      %s, %u CPUs: caught in %u of %u trials", fault_names[config.fault], cpus,
	       f->violated, f->trials);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(f->trials, trials);
	CU_ASSERT_TRUE(f->violated * 100 >= trials * CAUGHT_LEAST);
	CU_ASSERT_TRUE_FATAL(f->safe.bad.kept > 0);
	for (unsigned int v = 0; v < f->safe.bad.kept; v++)
		CU_ASSERT_EQUAL(f->safe.bad.v[v].cpu, victim);
	/* The report names the CPU and the page. */
	snprintf(name, sizeof(name), "CPU %u read 0x100300000000", victim);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, name));
	CU_ASSERT_EQUAL(f->delivered.bad.total > 0, controls[i].undelivered);
}

/* What only staleness can show needs a host that shows it (docs/hosts.md). */
static void test_controls(void)
{
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		check_control(i, 4, TRIALS);
}

static void test_controls_many_cpus(void)
{
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		check_control(i, 2, 20);
		check_control(i, 8, 20);
		check_control(i, 64, 2);
	}
}

/* Unexpected, the same violation fails the run. */
static void test_violation_fails(void)
{
	struct run_config config = lab_config("shootdown", "native", 4);
	struct run_result r;

	config.fault = PVTLB_FAULT_SKIP_IPI;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
	CU_ASSERT_EQUAL(r.status, STATUS_FAIL);
}

/* A fault that has no place in a configuration must not look caught, nor harmless. */
static void test_fault_without_place(void)
{
	struct run_config config = lab_config("shootdown", "native", 2);
	struct run_result r;

	config.fault = PVTLB_FAULT_SKIP_TARGET;
	for (int expect = 0; expect < 2; expect++) {
		config.expect_violation = expect;
		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
		CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, "never applied"));
	}
}

/* Nothing wrong and a violation expected: the control has failed. */
static void test_control_without_fault(void)
{
	struct run_config config = lab_config("shootdown", "native", 2);
	struct run_result r;

	config.expect_violation = true;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, "NOT caught"));
}

SUITE(scenario_shootdown, true,
	{ "native: all targets interrupted, nothing stale, 1 to 64 CPUs", test_native },
	{ "pvtlb: no target interrupted, nothing stale, 1 to 64 CPUs", test_pvtlb },
	{ "255 CPUs", test_255_cpus },
	{ "negative controls, 4 CPUs, 100 trials each", test_controls },
	{ "negative controls, 2, 8 and 64 CPUs", test_controls_many_cpus },
	{ "a violation nobody expects fails the run", test_violation_fails },
	{ "a fault without a place is said to be that", test_fault_without_place },
	{ "a control that is not violated fails", test_control_without_fault });
