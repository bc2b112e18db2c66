/* SPDX-License-Identifier: GPL-2.0-only */
/* The shootdown scenario on real VMs, right and wrong. */
#include <string.h>

#include "lab.h"
#include "test.h"

/* Five extents by three changes; each step flushes twice. Pages: 1, 8, 40, 4 and a large one. */
#define STEPS	     15
#define FLUSHES	     (2 * STEPS)
#define PAGES	     54
#define CAUGHT_LEAST 99

static void check_clean(const char *backend, unsigned int cpus, bool paravirt, bool invlpgb)
{
	struct run_config config = lab_config("shootdown", backend, cpus);
	/* Each CPU looks at each page before and after each of the three changes. */
	uint64_t checks = (uint64_t)PAGES * 3 * 2 * cpus;
	struct run_result r;

	config.paravirt = paravirt;
	config.invlpgb = invlpgb;
	lab_holds_exactly(&config, (uint64_t)FLUSHES * (cpus - 1), checks, &r);
	CU_ASSERT_EQUAL(r.facts.findings.delivered.flushes, FLUSHES);
	CU_ASSERT_EQUAL(r.facts.findings.safe.checks, checks);
	CU_ASSERT_EQUAL(r.facts.findings.safe.checks_large, (uint64_t)3 * 2 * cpus);
}

static void test_native(void)
{
	for (size_t i = 0; i < lab_nr_cpus(); i++) {
		check_clean("native", lab_cpus[i], true, false);
		check_clean("native", lab_cpus[i], false, false);
	}
	check_clean("native", 4, true, true);
}

static void test_pvtlb(void)
{
	for (size_t i = 0; i < lab_nr_cpus(); i++)
		check_clean("pvtlb", lab_cpus[i], true, false);
	check_clean("pvtlb", 4, true, true);
}

static void test_most_cpus(void)
{
	check_clean("native", lab_most_cpus(), true, false);
	check_clean("pvtlb", lab_most_cpus(), true, false);
}

/*
 * A negative control: caught in nearly every trial, and here also in which way and whose
 * violation it must be. An IPI left out, a hypercall's target left out and the early
 * acknowledgement hit the last CPU; the forgotten flush is CPU 0's own.
 */
struct control {
	const char *backend;
	enum pvtlb_fault fault;
	bool initiator; /* the violation is CPU 0's, else the last one's */
	bool undelivered;
};

static void check_control(const struct control *c, unsigned int cpus, unsigned int trials)
{
	struct run_config config = lab_config("shootdown", c->backend, cpus);
	unsigned int victim = c->initiator ? 0 : cpus - 1;
	const struct findings *f;
	struct run_result r;
	char name[32];

	config.fault = c->fault;
	config.trials = trials;
	config.expect_violation = true;
	lab_run(&config, &r);
	f = &r.facts.findings;
	test_say("%s, %u CPUs: caught in %u of %u trials", fault_names[config.fault], cpus,
	       f->violated, f->trials);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(f->trials, trials);
	CU_ASSERT_TRUE(f->violated * 100 >= trials * CAUGHT_LEAST);
	CU_ASSERT_TRUE_FATAL(f->safe.bad.kept > 0);
	for (unsigned int v = 0; v < f->safe.bad.kept; v++)
		CU_ASSERT_EQUAL(f->safe.bad.v[v].cpu, victim);
	/* What was seen had been possible since its cause, and that is what the report is about. */
	CU_ASSERT_TRUE_FATAL(f->permitted.bad.kept > 0);
	for (unsigned int v = 0; v < f->permitted.bad.kept; v++)
		CU_ASSERT_EQUAL(f->permitted.bad.v[v].cpu, victim);
	snprintf(name, sizeof(name), "on CPU %u (", victim);
	if (c->fault != PVTLB_FAULT_SKIP_TARGET)
		snprintf(name, sizeof(name), "CPU %u may still use 0x100", victim);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, name));
	CU_ASSERT_EQUAL(f->delivered.bad.total > 0, c->undelivered);
}

/*
 * Where staleness lasts, with many CPUs, too. Elsewhere it ends with an exit, so there are two
 * CPUs, which can spin, and fewer trials, as such a machine is slow.
 */
static void check_everywhere(const struct control *c)
{
	if (!host_shows(&test_host, SHOWS_STALE_LASTING)) {
		check_control(c, 2, test_host.emulated ? 20 : lab_trials());
		return;
	}
	check_control(c, 4, lab_trials());
	check_control(c, 2, test_full ? 20 : lab_trials());
	check_control(c, 8, test_full ? 20 : lab_trials());
	if (test_full)
		check_control(c, 64, 2);
}

static void test_skip_ipi(void)
{
	check_everywhere(&(struct control){ "native", PVTLB_FAULT_SKIP_IPI, false, true });
}

static void test_early_ack(void)
{
	check_everywhere(&(struct control){ "native", PVTLB_FAULT_EARLY_ACK, false, false });
}

static void test_skip_local(void)
{
	check_everywhere(&(struct control){ "native", PVTLB_FAULT_SKIP_LOCAL, true, false });
}

static void test_skip_target(void)
{
	check_everywhere(&(struct control){ "pvtlb", PVTLB_FAULT_SKIP_TARGET, false, true });
}

/* How many of the victim's 60 looks at a 2 MiB page were stale, with its IPI left out. */
static uint64_t stale_large(void)
{
	struct run_config config = lab_config("shootdown", "native", 2);
	struct run_result r;

	config.fault = PVTLB_FAULT_SKIP_IPI;
	config.trials = 20;
	config.expect_violation = true;
	lab_run(&config, &r);
	test_say("%llu of 60 looks at 2 MiB pages were stale",
	       (unsigned long long)r.facts.findings.safe.bad_large);
	return r.facts.findings.safe.bad_large;
}

static void test_large_pages(void)
{
	CU_ASSERT_TRUE(stale_large() >= 20);
}

/* And where they are never stale, that is so. */
static void test_large_pages_coherent(void)
{
	CU_ASSERT_EQUAL(stale_large(), 0);
}

/* Unexpected, the same violation fails the run. */
static void test_violation_fails(void)
{
	struct run_config config = lab_config("shootdown", "native", 4);
	struct run_result r;

	config.fault = PVTLB_FAULT_SKIP_IPI;
	lab_run_report(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
	CU_ASSERT_EQUAL(r.status, STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r.report);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.report, "CPU 3 "));
	run_result_free(&r);
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
	{ "native: all targets interrupted, nothing stale, by CPU count", test_native },
	{ "pvtlb: no target interrupted, nothing stale, by CPU count", test_pvtlb },
	{ "as many CPUs as there can be", test_most_cpus },
	{ "control: an IPI left out", test_skip_ipi, NEEDS(SHOWS_STALE_4K) },
	{ "control: acknowledged before the flush", test_early_ack, NEEDS(SHOWS_STALE_IN_IRQ) },
	{ "control: the initiator forgets its own", test_skip_local, NEEDS(SHOWS_STALE_OWN) },
	{ "control: the hypercall skips a target", test_skip_target, NEEDS(SHOWS_STALE_4K) },
	{ "2 MiB pages go stale", test_large_pages, NEEDS(SHOWS_STALE_2M) },
	{ "2 MiB pages stay coherent", test_large_pages_coherent, NEEDS(SHOWS_STALE_LASTING) },
	{ "a violation nobody expects fails the run", test_violation_fails },
	{ "a fault without a place is said to be that", test_fault_without_place },
	{ "a control that is not violated fails", test_control_without_fault });
