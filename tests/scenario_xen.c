/* SPDX-License-Identifier: GPL-2.0-only */
/* The xen backend on real VMs: what holds, what is caught, and what Xen answers. */
#include <string.h>

#include "lab.h"
#include "machine/machine.h"
#include "base/backend.h"
#include "pvtlb/xen.h"
#include "test.h"
#include "unit_util.h"

/* All but diagnostics, wherever a sync is not skipped that is needed. */
static void holds(unsigned int cpus)
{
	const struct image *image = &lab_images()->image[1];

	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];
		struct run_config config = lab_config(s->name, "xen", cpus);
		struct run_result r;

		if (!(s->flags & (PVTLB_SCENARIO_DIAGNOSTIC | PVTLB_SCENARIO_CONTROL)) &&
		    cpus >= s->min_cpus && cpus <= s->max_cpus)
			lab_holds(&config, &r);
	}
}

static void test_holds(void)
{
	for (size_t i = 1; i < lab_nr_cpus(); i++)
		holds(lab_cpus[i]);
	if (test_full && !test_host.emulated)
		holds(lab_many_cpus());
}

static void caught(struct run_config config)
{
	struct run_result r;

	config.trials = config.cpus > 8 ? 5 : lab_trials();
	lab_caught(config, &r);
}

static void test_key_on(void)
{
	static const char *const walkers[] = { "collapse-vs-gup", "unshare-vs-gup",
					       "preempted-walker", NULL };
	struct run_config config = lab_config(NULL, "xen", 0);

	config.key = KEY_ON;
	lab_sweep(walkers, config, caught);
}

static void test_skipped_target(void)
{
	struct run_config config = lab_config("shootdown", "xen", 4);

	config.fault = PVTLB_FAULT_SKIP_TARGET;
	caught(config);
}

/* Only CPUs of these, which are below 64? */
static bool within(const struct pvtlb_cpuset *set, uint64_t cpus)
{
	return !(set->bits[0] & ~cpus) && !set->bits[1] && !set->bits[2] && !set->bits[3];
}

/* Every call is granted, and no CPU is in it that is not online, though it is in a mask. */
static void test_online(void)
{
	struct run_config config = lab_config("conformance", "xen", 5);
	unsigned int calls = 0, elided = 0, off = 0;
	struct error err = { 0 };
	uint64_t online = 1;
	struct machine m;

	CU_ASSERT_EQUAL_FATAL(lab_machine(&m, &config, &err), 0);
	for (size_t i = 0; i < m.log.nr; i++) {
		const struct pvtlb_event *e = &m.log.event[i];

		if (e->id == PVTLB_EV_CPU_UP)
			online |= 1ull << e->cpu_up.cpu;
		else if (e->id == PVTLB_EV_HYPERCALL && e->hypercall.nr == __HYPERVISOR_multicall)
			calls += !e->hypercall.status ? 1 : 1000000;
		else if (e->id == PVTLB_EV_ELIDED && e->elided.why == PVTLB_ELIDED_OFFLINE)
			elided++;
		else if (e->id == PVTLB_EV_SERVED)
			off += !within(&e->served.cpus, online);
	}
	machine_destroy(&m);
	CU_ASSERT_TRUE(calls > 0 && calls < 1000000);
	CU_ASSERT_TRUE(elided > 0);
	CU_ASSERT_EQUAL(off, 0);
}

struct call {
	uint64_t nr;
	int64_t status;
};

static void answers(const char *backend, const struct call *want, size_t nr)
{
	struct run_config config = lab_config("xen-calls", backend, 2);
	struct error err = { 0 };
	struct machine m;
	size_t n = 0;

	CU_ASSERT_EQUAL_FATAL(lab_machine(&m, &config, &err), 0);
	for (size_t i = 0; i < m.log.nr; i++) {
		const struct pvtlb_event *e = &m.log.event[i];

		if (e->id != PVTLB_EV_HYPERCALL)
			continue;
		EXPECT(n < nr && e->hypercall.nr == want[n].nr &&
			       e->hypercall.status == want[n].status,
		       "call %zu: number %llu, status %lld", n,
		       (unsigned long long)e->hypercall.nr, (long long)e->hypercall.status);
		n++;
	}
	CU_ASSERT_EQUAL(n, nr);
	machine_destroy(&m);
}

static void test_answers(void)
{
	enum { MC = __HYPERVISOR_multicall, OP = __HYPERVISOR_mmuext_op };
	static const struct call want[] = {
		{ __HYPERVISOR_xen_version, -XEN_ENOSYS },
		{ __HYPERVISOR_iret, -XEN_ENOSYS },
		{ 127, -XEN_ENOSYS },
		{ OP, 0 },	     /* flush, local */
		{ OP, 0 },	     /* all */
		{ OP, 0 },	     /* an empty mask */
		{ OP, -XEN_EINVAL }, /* mask at 0 */
		{ OP, -XEN_EINVAL }, /* mask in a page of ring 0's */
		{ OP, -XEN_ENOSYS }, /* pin */
		{ OP, -XEN_EFAULT }, /* ops not mapped */
		{ OP, -XEN_EPERM },  /* DOMID_XEN */
		{ OP, -XEN_ESRCH },  /* domain 0 */
		{ OP, -XEN_ENOSYS }, /* the second of two */
		{ OP, 1 },	     /* so many were done */
		{ MC, 0 },
		{ OP, 0 },
		{ MC, -XEN_EINVAL },
		{ UINT64_MAX, -XEN_ENOSYS },
		{ MC, -XEN_E2BIG },
		{ MC, -XEN_EFAULT }, /* in a page of ring 0's */
		{ OP, -XEN_EINVAL }, /* mapped in another mm */
		{ OP, 0 },	     /* in this one */
		{ MC, -XEN_EFAULT }, /* the result cannot be written */
	};

	answers("xen", want, sizeof(want) / sizeof(want[0]));
}

/* Nobody else looks like Xen. */
static void test_no_xen(void)
{
	const struct backend *b;

	for (unsigned int i = 0; (b = backend_at(i)); i++)
		if (strcmp(b->name, "xen") && !backend_by_host(b))
			answers(b->name, NULL, 0);
}

SUITE(scenario_xen, true, { "all hold, by CPU count", test_holds },
      { "key forced on: caught every time", test_key_on },
      { "a target left out: caught every time", test_skipped_target },
      { "only CPUs that are online are flushed", test_online },
      { "answers to calls of each kind", test_answers },
      { "no Xen without the backend", test_no_xen });
