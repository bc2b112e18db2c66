/* SPDX-License-Identifier: GPL-2.0-only */
/* The hyperv backend on real VMs: which calls it makes, and that they are all answered. */
#include <string.h>

#include "lab.h"
#include "machine/machine.h"
#include "machine/hypervisor.h"
#include "pvtlb/hyperv.h"
#include "policy.h"
#include "test.h"

#define SPACE	 HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE
#define LIST	 HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST
#define SPACE_EX HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX
#define LIST_EX	 HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX

static struct run_config config_of(const char *scenario, const char *provider, unsigned int cpus)
{
	return lab_config_by(scenario, "hyperv", provider, cpus);
}

static void holds(struct run_config config)
{
	struct run_result r;

	lab_holds(&config, &r);
	CU_ASSERT_EQUAL(r.facts.findings.delivered.interrupted, 0);
}

/* What flushes come to: shootdown, lists of more than one element, lazy CPUs. */
static void check_flushes(const char *provider)
{
	static const char *const scenarios[] = { "shootdown", "flush-list", "lazy-cpu", "two-mms",
						 NULL };

	lab_sweep(scenarios, config_of(NULL, provider, 0), holds);
	/* VP numbers need a second bank. */
	for (size_t s = 0; scenarios[s]; s++)
		holds(config_of(scenarios[s], provider, lab_many_cpus()));
}

static void test_flushes(void)
{
	check_flushes("vmm");
}

static void test_flushes_by_host(void)
{
	check_flushes("host");
}

/* Calls with status 0, by what they are; and CPUs that were left out as lazy. */
struct calls {
	unsigned int space, list, space_ex, list_ex, failed, lazy, served;
	unsigned int parameter; /* of the failed ones: HV_STATUS_INVALID_PARAMETER */
};

static void count(struct calls *n, const struct pvtlb_event *e)
{
	n->lazy += e->id == PVTLB_EV_ELIDED && e->elided.why == PVTLB_ELIDED_LAZY;
	n->served += e->id == PVTLB_EV_SERVED;
	if (e->id != PVTLB_EV_HYPERCALL)
		return;
	n->failed += e->hypercall.status != 0;
	n->parameter += e->hypercall.nr && e->hypercall.status == HV_STATUS_INVALID_PARAMETER;
	n->space += e->hypercall.nr == SPACE;
	n->list += e->hypercall.nr == LIST;
	n->space_ex += e->hypercall.nr == SPACE_EX;
	n->list_ex += e->hypercall.nr == LIST_EX;
}

static struct calls run_and_count(const struct run_config *config)
{
	struct error err = { 0 };
	struct calls n = { 0 };
	struct machine m;

	CU_ASSERT_EQUAL(lab_machine(&m, config, &err), 0);
	for (size_t i = 0; i < m.log.nr; i++)
		count(&n, &m.log.event[i]);
	machine_destroy(&m);
	return n;
}

static bool same(const struct calls *a, const struct calls *b)
{
	if (!memcmp(a, b, sizeof(*a)))
		return true;
	test_say("space %u, list %u, space ex %u, list ex %u, failed %u, lazy %u, served %u",
		 a->space, a->list, a->space_ex, a->list_ex, a->failed, a->lazy, a->served);
	return false;
}

/*
 * flush-list has the mm on all CPUs but the last: with two that is all, which knows no lazy
 * ones; with 4 a mask of 64 bits is enough; with more it takes a set. 66 MiB are five elements,
 * of which the VMM does two at a time.
 */
static void check_calls(const char *provider)
{
	unsigned int cpus = lab_many_cpus(), by_vmm = !strcmp(provider, "vmm");
	unsigned int per_list = by_vmm ? 3 : 1;
	struct run_config config = config_of("flush-list", provider, 2);
	struct calls n = run_and_count(&config), want = { 0 };

	want = (struct calls){ .space = 1, .list = 3 * per_list, .served = by_vmm * 16 };
	CU_ASSERT_TRUE(same(&n, &want));
	config.cpus = 4;
	n = run_and_count(&config);
	want.lazy = 2;
	CU_ASSERT_TRUE(same(&n, &want));
	config.cpus = cpus;
	n = run_and_count(&config);
	/* CPU 0 alone is left where the others are lazy, and has a number below 64. */
	want = (struct calls){
		.list = per_list, .space_ex = 1, .list_ex = 2 * per_list, .lazy = cpus - 2, .served = by_vmm * 16
	};
	CU_ASSERT_TRUE(same(&n, &want));
}

static void test_calls(void)
{
	check_calls("vmm");
}

static void test_calls_by_host(void)
{
	check_calls("host");
}

/* v4 asked backends, and this one said that its flush is no IPI. */
static void test_v4(void)
{
	struct run_config config = config_of("collapse-vs-gup", "vmm", 4);
	struct run_result r;

	config.policy = policy_declared;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(r.facts.key.value, 0);
}

static void test_skip_target(void)
{
	struct run_config config = config_of("shootdown", "vmm", 2);
	struct run_result r;

	config.fault = PVTLB_FAULT_SKIP_TARGET;
	config.trials = 10;
	lab_caught(config, &r);
}

/* A CPU that was never up has no VP number: the flush is by IPI, for all and safe. */
static void test_fallback(void)
{
	struct run_config config = config_of("conformance", "vmm", 4);
	struct calls n = run_and_count(&config);

	CU_ASSERT_TRUE(n.failed > 0);
	CU_ASSERT_TRUE(n.list > 0 && n.space > 0);
	/* For nobody no call is made: to the TLFS it is an error, to KVM it is everybody. */
	CU_ASSERT_EQUAL(n.parameter, 0);
}

/* A host that has it not says what it lacks. */
static void test_missing(void)
{
	struct run_config config = config_of("key", "host", 2);
	const char *missing = hypervisor_missing(config.backend, &test_host);
	struct run_result r;

	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, missing ? VERDICT_SKIP : VERDICT_PASS);
	CU_ASSERT_EQUAL(r.status, missing ? STATUS_SKIP : STATUS_OK);
	if (missing)
		CU_ASSERT_STRING_EQUAL(r.judgement.why, missing);
}

SUITE(scenario_hyperv, true, { "flushes hold, by CPU count", test_flushes },
      { "flushes hold, by the host's KVM", test_flushes_by_host, NEEDS(SHOWS_HYPERCALL_INSN) },
      { "which calls are made", test_calls },
      { "which calls are made, to the host's KVM", test_calls_by_host,
	NEEDS(SHOWS_HYPERCALL_INSN) },
      { "v4: off", test_v4 }, { "a target that the VMM leaves out is found", test_skip_target },
      { "a flush that falls back to IPIs is whole", test_fallback },
      { "a host without says so", test_missing });
