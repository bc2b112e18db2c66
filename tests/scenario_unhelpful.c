/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisors that refuse, that do not wait, that act later: what guests make of them. */
#include "lab.h"
#include "machine/hypervisor.h"
#include "machine/machine.h"
#include "pvtlb/invlpgb.h"
#include "test.h"

static const char *const callers[] = { "hyperv", "xen", "pvtlb" };

/* Refused flushes are made good by IPIs, a list that was done in part included. */
static void refused(struct run_config config)
{
	struct run_result r;

	config.fault = PVTLB_FAULT_REFUSED;
	config.trials = 2;
	lab_holds(&config, &r);
	CU_ASSERT_TRUE(r.facts.findings.delivered.interrupted > 0);
	CU_ASSERT_TRUE(r.facts.findings.delivered.interrupted < r.facts.findings.delivered.targets);
}

static void test_refused(void)
{
	for (size_t i = 0; i < LAB_NR(callers); i++) {
		refused(lab_config("shootdown", callers[i], 4));
		refused(lab_config("flush-list", callers[i], 4));
		refused(lab_config("conformance", callers[i], 5));
	}
}

/* The call returns, and whoever is in guest mode goes on with what it has cached. */
static void test_not_waited(void)
{
	for (size_t i = 0; i < LAB_NR(callers); i++) {
		struct run_config config = lab_config("shootdown", callers[i], 4);
		struct run_result r;

		config.fault = PVTLB_FAULT_NOT_WAITED;
		config.trials = lab_trials() / 5;
		lab_caught(config, &r);
	}
}

/* Nobody calls: a fault that has no place is no run that holds. */
static void test_no_place(void)
{
	struct run_config config = lab_config("shootdown", "native", 2);
	struct run_result r;

	config.fault = PVTLB_FAULT_REFUSED;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
}

/* What a CPU has done of its INVLPGBs. */
struct order {
	unsigned int begun, early, served, syncs;
};

static void follow(struct order *o, const struct pvtlb_event *e)
{
	if (e->id == PVTLB_EV_HYPERCALL && e->hypercall.nr == PVTLB_CALL_INVLPGB)
		o->begun++;
	if (e->id == PVTLB_EV_SERVED) {
		o->served++;
		o->early += !o->begun;
	}
	if (e->id == PVTLB_EV_HYPERCALL && e->hypercall.nr == PVTLB_CALL_TLBSYNC) {
		o->syncs++;
		/* It is over when all that had begun is done, and nothing of it is left. */
		CU_ASSERT_EQUAL(o->begun, o->served);
		o->begun = o->served = 0;
	}
}

static void test_later(void)
{
	struct run_config config = lab_config("shootdown", "invlpgb", 4);
	struct order order[4] = { 0 };
	struct error err = { 0 };
	struct machine m;

	config.invlpgb = true;
	CU_ASSERT_EQUAL_FATAL(lab_machine(&m, &config, &err), 0);
	for (size_t i = 0; i < m.log.nr; i++)
		if (m.log.event[i].cpu < LAB_NR(order))
			follow(&order[m.log.event[i].cpu], &m.log.event[i]);
	machine_destroy(&m);
	CU_ASSERT_TRUE(order[0].syncs > 0);
	CU_ASSERT_EQUAL(order[0].early, 0);
}

/* A machine that never ran: its backend's thread ends all the same. */
static void test_never_ran(void)
{
	struct run_config config = lab_config("shootdown", "invlpgb", 2);
	struct error err = { 0 };
	struct machine m;

	config.invlpgb = true;
	CU_ASSERT_EQUAL_FATAL(
		machine_create(&m, &test_host, &lab_images()->image[1], &config, &err), 0);
	CU_ASSERT_TRUE(m.pv_created);
	machine_destroy(&m);
}

SUITE(scenario_unhelpful, true, { "flushes refused: IPIs make them good", test_refused },
      { "flushes not waited for: caught every time", test_not_waited },
      { "a fault without a place", test_no_place },
      { "INVLPGB is done when TLBSYNC is over", test_later },
      { "a machine that never ran", test_never_ran });
