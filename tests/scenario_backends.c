/* SPDX-License-Identifier: GPL-2.0-only */
/* Every backend that is linked in, by every provider that this host has: what any has to hold. */
#include <string.h>

#include "lab.h"
#include "machine/machine.h"
#include "machine/hypervisor.h"
#include "test.h"

typedef void backend_fn(const struct backend *pv, struct run_config config);

/*
 * The emulated machine is slow, and what the VMM plays is the same code on every host: a short
 * run has there the native flushes and the hypervisors that only that host has. FULL=1 has all.
 */
static bool left_to_full_run(const struct backend *pv)
{
	return test_host.emulated && !test_full && !strcmp(pv->provider, "vmm");
}

/* The backends that can be had here, each with a configuration to begin with. */
static void for_each_backend(backend_fn *fn)
{
	const struct backend *pv;

	for (unsigned int i = 0; (pv = backend_at(i)); i++) {
		struct run_config config = lab_config("conformance", pv->name, 4);

		if (hypervisor_missing(pv, &test_host))
			continue;
		config.backend = pv;
		config.invlpgb = pv->invlpgb;
		fn(pv, config);
	}
}

/* Returns whether it ran: a host may have a provider and yet not be able to serve this. */
static bool expect_pass(const struct run_config *config, struct run_result *r)
{
	lab_run(config, r);
	if (r->judgement.verdict == VERDICT_SKIP) {
		test_skipped("%s, %s by %s, %u CPUs: %s", config->scenario, config->backend->name,
			     config->backend->provider, config->cpus, r->judgement.why);
		return false;
	}
	CU_ASSERT_EQUAL(r->judgement.verdict, VERDICT_PASS);
	test_say("%s, %s by %s, %u CPUs: %s: %s", config->scenario, config->backend->name,
		 config->backend->provider, config->cpus, verdict_names[r->judgement.verdict],
		 r->judgement.why);
	return true;
}

/* Without an offline CPU there are 2 and more, among them more than one 64-bit word of them. */
static void conformance(const struct backend *pv, struct run_config config)
{
	static const unsigned int cpus[] = { 3, 4, 9, 70 };
	struct run_result r;

	/* That it says what it interrupts, and why, each run asks. */
	if (left_to_full_run(pv))
		return;
	for (size_t i = 0; i < LAB_NR(cpus) - test_host.emulated; i++) {
		config.cpus = cpus[i];
		config.trials = cpus[i] < 10 ? 3 : 1;
		expect_pass(&config, &r);
	}
}

static void test_conformance(void)
{
	for_each_backend(conformance);
}

static void all_scenarios(const struct backend *pv, struct run_config config)
{
	const struct image *image = &lab_images()->image[1];
	struct run_result r;

	if (left_to_full_run(pv))
		return;
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		if (s->flags & PVTLB_SCENARIO_DIAGNOSTIC)
			continue;
		config.scenario = s->name;
		config.expect_violation =
			s->flags & PVTLB_SCENARIO_CONTROL ||
			(s->flags & PVTLB_SCENARIO_NEEDS_SYNC && key_expected(&config));
		expect_pass(&config, &r);
	}
}

static void test_all_scenarios(void)
{
	for_each_backend(all_scenarios);
}

/*
 * A walker that is held, which to a guest looks like one that is preempted, is found in a table
 * that is used again wherever the backend does not interrupt it.
 */
static void key_on(const struct backend *pv, struct run_config config)
{
	static const char *const walkers[] = { "collapse-vs-gup", "unshare-vs-gup",
					       "preempted-walker" };

	if (pv->interrupts == INTERRUPTS_ALL)
		return;
	config.key = KEY_ON;
	config.expect_violation = true;
	config.trials = lab_trials();
	for (size_t i = 0; i < LAB_NR(walkers); i++) {
		struct run_result r;

		config.scenario = walkers[i];
		if (expect_pass(&config, &r))
			CU_ASSERT_EQUAL(r.facts.findings.violated, config.trials);
	}
}

static void test_key_on(void)
{
	for_each_backend(key_on);
}

/* A flush of one page, and another page of the same CPU: was it lost, too? */
static uint64_t over_flushed(const struct run_config *config)
{
	uint64_t found = PVTLB_OVERFLUSH_UNSEEN;
	struct error err = { 0 };
	struct machine m;

	CU_ASSERT_EQUAL(lab_machine(&m, config, &err), 0);
	for (size_t i = 0; i < m.log.nr; i++) {
		const struct pvtlb_event *e = &m.log.event[i];

		if (e->id == PVTLB_EV_MEASURE && e->measure.what == PVTLB_MEASURE_OVERFLUSH)
			found = e->measure.value;
	}
	machine_destroy(&m);
	return found;
}

static void over_flush(const struct backend *pv, struct run_config config)
{
	static const char *const says[] = { "no more than it was asked for", "more",
					    "not to be seen on this host" };
	uint64_t found = over_flushed(&config);

	test_say("%s by %s: a flush of one page flushes: %s", pv->name, pv->provider,
		 says[found <= PVTLB_OVERFLUSH_UNSEEN ? found : PVTLB_OVERFLUSH_UNSEEN]);
	/* By invlpg, and by the host's flush of a whole vCPU; where no VM exit flushes anyway. */
	if (found == PVTLB_OVERFLUSH_UNSEEN || !host_shows(&test_host, SHOWS_STALE_LASTING))
		return;
	if (!strcmp(pv->name, "native"))
		CU_ASSERT_EQUAL(found, PVTLB_OVERFLUSH_NO);
	if (!strcmp(pv->name, "pvtlb"))
		CU_ASSERT_EQUAL(found, PVTLB_OVERFLUSH_YES);
}

static void test_over_flush(void)
{
	for_each_backend(over_flush);
}

SUITE(scenario_backends, true, { "conformance", test_conformance },
      { "all scenarios hold, 4 CPUs", test_all_scenarios },
      { "key forced on: caught", test_key_on }, { "over-flushing", test_over_flush });
