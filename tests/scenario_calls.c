/* SPDX-License-Identifier: GPL-2.0-only */
/* Flush hypercalls on real VMs: one whose caller is held is served, one that is refused made good.
 */
#include <string.h>

#include "base/backend.h"
#include "lab.h"
#include "machine/machine.h"
#include "test.h"

static const char *const callers[] = { "hyperv", "pvtlb", "xen" };

/* Of the hypercalls made, how many failed; and how often a CPU was held that was about to ask. */
struct calls {
	unsigned int made, failed, held;
};

static struct calls count(const struct event_log *log)
{
	struct event_stream stream = event_log_stream(log);
	struct calls calls = { 0 };

	for (size_t i = 0; i < stream.nr; i++) {
		const struct pvtlb_event *e = &stream.event[i];

		calls.made += e->id == PVTLB_EV_HYPERCALL;
		calls.failed += e->id == PVTLB_EV_HYPERCALL && e->hypercall.status;
		/* Events are in order from 1 on. */
		calls.held += e->id == PVTLB_EV_HELD && e->held.at && e->held.at <= stream.nr &&
			      stream.event[e->held.at - 1].id == PVTLB_EV_ASK;
	}
	return calls;
}

/* With the input filled in, and the call not made: it is made, and as it was filled in. */
static void test_held_asking(void)
{
	for (size_t i = 0; i < LAB_NR(callers); i++) {
		struct run_config config = lab_config_by("held-asking", callers[i], "vmm", 4);
		struct error err = { 0 };
		struct calls calls;
		struct machine m;

		config.trials = 5;
		CU_ASSERT_EQUAL(lab_machine(&m, &config, &err), 0);
		calls = count(&m.log);
		machine_destroy(&m);
		test_say("%s: %u calls, %u failed, %u times held", callers[i], calls.made,
			 calls.failed, calls.held);
		CU_ASSERT_TRUE(calls.made >= config.trials);
		CU_ASSERT_EQUAL(calls.failed, 0);
		CU_ASSERT_EQUAL(calls.held, config.trials);
	}
}

static bool is_wrong_on_purpose(const struct pvtlb_scenario *s)
{
	return s->flags & (PVTLB_SCENARIO_DIAGNOSTIC | PVTLB_SCENARIO_CONTROL);
}

/*
 * The guest makes it good by IPIs: nothing else changes, and no hold lasts for ever. A scenario
 * that makes no call has no place for it, which is said and no pass.
 */
static void refused(const char *backend)
{
	const struct image *image = &lab_images()->image[1];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		struct run_config config =
			lab_config_by(image->scenario[i].name, backend, "vmm", 4);
		struct run_result r;

		config.fault = PVTLB_FAULT_REFUSED;
		if (is_wrong_on_purpose(&image->scenario[i]))
			continue;
		lab_run(&config, &r);
		if (r.facts.fault_applied) {
			if (r.judgement.verdict != VERDICT_PASS)
				test_say("%s: %s", config.scenario, r.judgement.why);
			CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
			nr++;
		} else {
			CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
			test_say("%s makes no call", config.scenario);
		}
	}
	CU_ASSERT_TRUE(nr > 30);
}

static void test_hyperv_refuses(void)
{
	refused("hyperv");
}

static void test_pvtlb_refuses(void)
{
	refused("pvtlb");
}

static void test_xen_refuses(void)
{
	refused("xen");
}

SUITE(scenario_calls, true, { "held when about to ask: served", test_held_asking },
      { "hyperv refuses: made good", test_hyperv_refuses },
      { "pvtlb refuses: made good", test_pvtlb_refuses },
      { "xen refuses: made good", test_xen_refuses });
