/* SPDX-License-Identifier: GPL-2.0-only */
/* Guests that go wrong: hung, deadlocked, crashed, calling nonsense; and lost events. */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "machine/dtb.h"
#include "lab.h"
#include "machine/machine.h"
#include "pvtlb/fdt.h"
#include "test.h"
#include "unit_util.h"
#include "machine/watchdog.h"

/* The watchdog's report of a machine that has ended, to be freed. */
static char *report(const struct machine *m)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	watchdog_report(m, to);
	fclose(to);
	return text;
}

/* Run a guest of three CPUs that hangs; the watchdog's report, to be freed. */
static char *hung(const char *scenario)
{
	struct run_config config = lab_config(scenario, "native", 3);
	struct error err = { 0 };
	struct machine m;
	char *text;

	config.timeout = lab_hang_timeout();
	CU_ASSERT_EQUAL(lab_machine(&m, &config, &err), -1);
	CU_ASSERT_EQUAL(err.status, STATUS_HANG);
	text = report(&m);
	machine_destroy(&m);
	return text;
}

static void test_hang(void)
{
	char *text = hung("hang");

	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		char want[64];

		snprintf(want, sizeof(want), "CPU %3u: rip 0x", cpu);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, want));
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "scn_spin_forever+0x"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "ring 3, IF 1"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "worker"));
	free(text);
}

static void test_deadlock(void)
{
	char *text = hung("deadlock");

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "waits for CPU 1 to acknowledge a function call"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "to tlb_gen 2; not acknowledged by CPU 1, 2\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "IRQs off"));
	free(text);
}

/* Who has not arrived is named, and from what; who has is waiting for what comes next. */
static void test_missing(void)
{
	char *text = hung("missing");

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "in phase lose_the_last: waits for CPU 2 to arrive"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "waits for the scenario's next phase"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "in phase lose_the_last: spins on purpose"));
	CU_ASSERT_PTR_NULL(strstr(text, "CPU 1,"));
	free(text);
}

/* CPU 0 waits for CPUs to be held at what never happens: the report says so, of that rule only. */
static void test_unmatched_rule(void)
{
	struct pvtlb_hold *rule = NULL, was;
	const struct image *image = &lab_images()->image[1];
	char *text;

	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		if (!strcmp(image->scenario[i].name, "collapse-vs-gup"))
			rule = image->scenario[i].hold;
	CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
	was = *rule;
	rule->at_value = 40;
	text = hung("collapse-vs-gup");
	*rule = was;
	EXPECT(strstr(text, "waits for CPU 1 to be held by the VMM"), "%s", text);
	EXPECT(strstr(text, "no event matched this rule: hold CPU 1 at walk_load size=1 TiB\n"), "%s",
	       text);
	free(text);
}

/* The hypercall does not care about IRQs: the same guest gets through. */
static void test_no_deadlock_with_hypercall(void)
{
	struct run_config config = lab_config("deadlock", "pvtlb", 3);
	struct error err = { 0 };
	struct machine m;

	CU_ASSERT_EQUAL(lab_machine(&m, &config, &err), 0);
	machine_destroy(&m);
}

static void test_triple_fault(void)
{
	struct run_config config = lab_config("triple-fault", "native", 2);
	struct error err = { 0 };
	struct machine m;

	CU_ASSERT_EQUAL(lab_machine(&m, &config, &err), -1);
	CU_ASSERT_EQUAL(err.status, STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "CPU 0: triple fault"));
	machine_destroy(&m);
}

static void test_bad_calls(void)
{
	static const struct {
		uint32_t nr;
		int64_t status;
	} want[] = {
		{ 0, -PVTLB_ENOSYS },
		{ 0xffffffff, -PVTLB_ENOSYS },
		{ PVTLB_CALL_DRAIN, -PVTLB_EINVAL },  /* a payload where none belongs */
		{ PVTLB_CALL_CPU_ON, -PVTLB_ERANGE }, /* CPU 255 */
		{ PVTLB_CALL_CPU_ON, -PVTLB_EBUSY },  /* CPU 0 */
		{ PVTLB_CALL_CPU_ON, -PVTLB_EINVAL }, /* entry not canonical */
		{ 0x100, PVTLB_OK },		      /* flush, empty set */
		{ 0x100, -PVTLB_EINVAL },	      /* a byte too long */
		{ 0x100, -PVTLB_ERANGE },	      /* CPU 255 */
		{ 0x100, -PVTLB_EINVAL },	      /* range backwards */
		{ 0x100, PVTLB_OK },		      /* range of one page */
		{ 0x100, -PVTLB_EINVAL },	      /* reserved flag */
	};
	struct run_config config = lab_config("bad-calls", "pvtlb", 2);
	struct error err = { 0 };
	struct machine m;
	size_t n = 0;

	CU_ASSERT_EQUAL(lab_machine(&m, &config, &err), 0);
	for (size_t i = 0; i < m.log.nr; i++) {
		const struct pvtlb_event *e = &m.log.event[i];

		if (e->id != PVTLB_EV_HYPERCALL)
			continue;
		CU_ASSERT_TRUE_FATAL(n < sizeof(want) / sizeof(want[0]));
		CU_ASSERT_EQUAL(e->hypercall.nr, want[n].nr);
		CU_ASSERT_EQUAL(e->hypercall.status, want[n].status);
		n++;
	}
	CU_ASSERT_EQUAL(n, sizeof(want) / sizeof(want[0]));
	machine_destroy(&m);
}

/* A backend's calls are answered only to a guest that was told of the backend. */
static void test_calls_of_no_backend(void)
{
	struct run_config config = lab_config("bad-calls", "native", 1);
	struct error err = { 0 };
	struct machine m;

	CU_ASSERT_EQUAL(lab_machine(&m, &config, &err), 0);
	for (size_t i = 0; i < m.log.nr; i++)
		if (m.log.event[i].id == PVTLB_EV_HYPERCALL &&
		    m.log.event[i].hypercall.nr == 0x100)
			CU_ASSERT_EQUAL(m.log.event[i].hypercall.status, -PVTLB_ENOSYS);
	machine_destroy(&m);
}

/* Statuses of the scenario's two calls of the host's KVM. */
static void host_calls(int64_t known, int64_t unknown)
{
	struct run_config config = lab_config("host-call", "native", 1);
	int64_t want[] = { known, unknown };
	struct error err = { 0 };
	struct machine m;
	size_t n = 0;

	CU_ASSERT_EQUAL(lab_machine(&m, &config, &err), 0);
	for (size_t i = 0; i < m.log.nr; i++)
		if (m.log.event[i].id == PVTLB_EV_HYPERCALL && n < 2)
			CU_ASSERT_EQUAL(m.log.event[i].hypercall.status, want[n++]);
	CU_ASSERT_EQUAL(n, 2);
	machine_destroy(&m);
}

/* KVM answers 0 to KVM_HC_VAPIC_POLL_IRQ and -KVM_ENOSYS to what it does not know. */
static void test_host_calls(void)
{
	host_calls(0, -1000);
}

static void test_no_host_calls(void)
{
	host_calls(-PVTLB_ENOSYS, -PVTLB_ENOSYS);
}

/* An image whose ring claims to be smaller than what is written loses events, and says so. */
static void test_lost_events(void)
{
	struct run_config config = lab_config("shootdown", "native", 2);
	struct run_facts facts = { 0 };
	struct judgement verdict;
	struct event_stream stream;
	struct error err = { 0 };
	struct machine m;

	CU_ASSERT_EQUAL_FATAL(
		machine_create(&m, &test_host, &lab_images()->image[1], &config, &err), 0);
	m.log.ring[1].ring->capacity = 16;
	CU_ASSERT_EQUAL(machine_run(&m, &err), 0);
	stream = event_log_stream(&m.log);
	CU_ASSERT_TRUE(stream.lost > 0);
	facts_from_events(&facts, &stream);
	judge(&config, PVTLB_CLAIMS, &facts, &verdict);
	CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
	CU_ASSERT_PTR_NOT_NULL(strstr(verdict.why, "events lost"));
	machine_destroy(&m);
}

/* A tree that is well formed and absurd: the guest says what it cannot do. */
static void absurd(const char *what, void (*change)(void *fdt), const char *says)
{
	struct run_config config = lab_config("key", "native", 2);
	struct error err = { 0 };
	struct machine m;
	void *fdt;

	CU_ASSERT_EQUAL_FATAL(
		machine_create(&m, &test_host, &lab_images()->image[1], &config, &err), 0);
	m.console = NULL;
	fdt = mem_own(&m.mem, m.layout.fdt, DTB_MAX);
	fdt_open_into(fdt, fdt, DTB_MAX);
	change(fdt);
	CU_ASSERT_EQUAL(machine_run(&m, &err), -1);
	if (err.status != STATUS_FAIL || !strstr(err.text, says))
		test_say("%s: %d, %s", what, err.status, err.text);
	CU_ASSERT_EQUAL(err.status, STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, says));
	machine_destroy(&m);
}

static int pvtlb_node(const void *fdt)
{
	return fdt_path_offset(fdt, FDT_PVTLB);
}

static void cpu_300(void *fdt)
{
	int node = fdt_add_subnode(fdt, fdt_path_offset(fdt, "/cpus"), "cpu@300");

	fdt_setprop_u32(fdt, node, "reg", 300);
}

static void one_cpu_more(void *fdt)
{
	int node = fdt_add_subnode(fdt, fdt_path_offset(fdt, "/cpus"), "cpu@2");

	fdt_setprop_u32(fdt, node, "reg", 2);
}

static void all_reserved(void *fdt)
{
	fdt_add_mem_rsv(fdt, 0, 1ull << 40);
}

static void no_sequence(void *fdt)
{
	fdt_delprop(fdt, pvtlb_node(fdt), FDT_SEQUENCE);
}

static void short_lapic(void *fdt)
{
	fdt_setprop_u32(fdt, pvtlb_node(fdt), FDT_LAPIC, 1);
}

static void no_scenario(void *fdt)
{
	fdt_delprop(fdt, pvtlb_node(fdt), FDT_SCENARIO);
}

static void odd_fault(void *fdt)
{
	fdt_setprop_string(fdt, pvtlb_node(fdt), FDT_FAULT, "gremlin");
}

static void odd_hypervisor(void *fdt)
{
	int node = fdt_add_subnode(fdt, 0, "hypervisor");

	fdt_setprop_string(fdt, node, "compatible", "pvtlb,gremlin");
}

static void test_absurd_trees(void)
{
	absurd("CPU 300", cpu_300, "cpu reg");
	absurd("a CPU too many", one_cpu_more, "CPU_ON refused");
	absurd("all memory reserved", all_reserved, "no memory");
	absurd("no sequence", no_sequence, FDT_SEQUENCE);
	absurd("lapic too short", short_lapic, FDT_LAPIC);
	absurd("no scenario", no_scenario, "no such scenario");
	absurd("odd fault", odd_fault, "no such fault");
	absurd("odd hypervisor", odd_hypervisor, "no such backend");
}

static void test_too_many_cpus(void)
{
	struct run_config config = lab_config("key", "native", 256);
	struct run_result r;

	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_SKIP);
}

SUITE(scenario_wrong, true,
	{ "a hold rule that nothing matches", test_unmatched_rule },
      { "a hang is reported CPU by CPU", test_hang },
	{ "a deadlock says who waits for whom", test_deadlock },
	{ "a missing arrival is named by its phase", test_missing },
	{ "a hypercall flush needs no acknowledgement", test_no_deadlock_with_hypercall },
	{ "a triple fault", test_triple_fault },
	{ "bad calls get errors", test_bad_calls },
	{ "no backend, no backend's calls", test_calls_of_no_backend },
	{ "the host's own hypercalls", test_host_calls, NEEDS(SHOWS_HYPERCALL_INSN) },
	{ "no way to the host, and the guest knows", test_no_host_calls,
	  NEEDS(SHOWS_STALE_LASTING) },
	{ "lost events make a verdict impossible", test_lost_events },
	{ "absurd device trees", test_absurd_trees },
	{ "more CPUs than there can be", test_too_many_cpus });
