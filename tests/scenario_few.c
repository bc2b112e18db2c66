/* SPDX-License-Identifier: GPL-2.0-only */
/* A little of everything on two CPUs, for machines so slow that no more can be run on them. */
#include <string.h>

#include "lab.h"
#include "test.h"

#define CPUS   2
#define TRIALS 5

static const struct few {
	const char *scenario, *backend, *provider;
} walks[] = {
	{ "collapse-vs-gup", "native", "none" },   { "collapse-vs-gup", "kvm", "vmm" },
	{ "collapse-vs-gup", "hyperv", "vmm" },	   { "preempted-walker", "kvm", "vmm" },
	{ "preempted-walker", "hyperv", "vmm" },
}, by_the_host[] = {
	{ "shootdown", "kvm", "host" },	       { "shootdown", "hyperv", "host" },
	{ "collapse-vs-gup", "kvm", "host" },  { "collapse-vs-gup", "hyperv", "host" },
	{ "preempted-walker", "kvm", "host" }, { "preempted-walker", "hyperv", "host" },
}, shootdowns[] = {
	{ "shootdown", "native", "none" }, { "shootdown", "hyperv", "vmm" },
	{ "shootdown", "kvm", "vmm" },	   { "shootdown", "pvtlb", "vmm" },
	{ "shootdown", "xen", "vmm" },
}, keys[] = {
	{ "key", "native", "none" }, { "key", "hyperv", "vmm" }, { "key", "kvm", "vmm" },
	{ "key", "pvtlb", "vmm" },   { "key", "xen", "vmm" },
};

static void hold(const struct few *rows, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		struct run_config config =
			lab_config_by(rows[i].scenario, rows[i].backend, rows[i].provider, CPUS);
		struct run_result r;

		config.trials = TRIALS;
		lab_holds(&config, &r);
		CU_ASSERT_EQUAL(r.facts.lost, 0);
		/* On where every flush interrupts, which is native's way alone. */
		if (!strcmp(rows[i].scenario, "key"))
			CU_ASSERT_EQUAL(r.facts.key.value, i == 0);
	}
}

static void test_key(void)
{
	hold(keys, LAB_NR(keys));
}

static void test_shootdown(void)
{
	hold(shootdowns, LAB_NR(shootdowns));
}

static void test_walks(void)
{
	hold(walks, LAB_NR(walks));
}

static void test_by_the_host(void)
{
	hold(by_the_host, LAB_NR(by_the_host));
}

/* Caught in each trial, whatever is seen; and what was seen. */
static struct findings caught(const char *backend, enum pvtlb_fault fault)
{
	struct run_config config = lab_config("shootdown", backend, CPUS);
	struct run_result r;

	config.fault = fault;
	config.trials = TRIALS;
	config.expect_violation = true;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(r.facts.findings.violated, TRIALS);
	test_say("%s: %llu looks were stale, %llu of them at a 2 MiB page", fault_names[fault],
		 (unsigned long long)r.facts.findings.safe.bad.total,
		 (unsigned long long)r.facts.findings.safe.bad_large);
	return r.facts.findings;
}

static void test_skip_ipi(void)
{
	CU_ASSERT_TRUE(caught("native", PVTLB_FAULT_SKIP_IPI).safe.bad.total > 0);
}

static void test_skip_target(void)
{
	CU_ASSERT_TRUE(caught("pvtlb", PVTLB_FAULT_SKIP_TARGET).safe.bad.total > 0);
}

static void test_large(void)
{
	CU_ASSERT_TRUE(caught("native", PVTLB_FAULT_SKIP_IPI).safe.bad_large > 0);
}

/* Who forgets a flush gets it from an exit, where an exit flushes. Of hardware that is not known.
 */
static void flushed_by_exits(enum pvtlb_fault fault, enum host_show what)
{
	uint64_t stale = caught("native", fault).safe.bad.total;

	if (host_shows(&test_host, what) || test_host.emulated)
		CU_ASSERT_EQUAL(stale > 0, host_shows(&test_host, what));
}

static void test_exits(void)
{
	flushed_by_exits(PVTLB_FAULT_SKIP_LOCAL, SHOWS_STALE_OWN);
	flushed_by_exits(PVTLB_FAULT_EARLY_ACK, SHOWS_STALE_IN_IRQ);
}

SUITE(scenario_few, true, { "key", test_key }, { "shootdown", test_shootdown },
      { "walks", test_walks }, { "by the host", test_by_the_host, NEEDS(SHOWS_HYPERCALL_INSN) },
      { "control: an IPI is left out", test_skip_ipi },
      { "control: the hypercall skips a target", test_skip_target },
      { "stale through a 2 MiB page", test_large, NEEDS(SHOWS_STALE_2M) },
      { "what an exit flushes", test_exits });
