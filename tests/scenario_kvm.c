/* SPDX-License-Identifier: GPL-2.0-only */
/* The kvm backend on real VMs: who is left out of a flush, and what it finds afterwards. */
#include <asm/kvm_para.h>
#include <string.h>

#include "kvm/kvm.h"
#include "lab.h"
#include "machine/machine.h"
#include "base/backend.h"
#include "policy.h"
#include "test.h"

static const char *const providers[] = { "vmm", "host" };

static struct run_config config_of(const char *scenario, const char *provider, unsigned int cpus)
{
	return lab_config_by(scenario, "kvm", provider, cpus);
}

static void check_holds(const struct run_config *config, struct run_result *r)
{
	lab_holds(config, r);
	CU_ASSERT_EQUAL(r->facts.key.value, config->key == KEY_ON);
}

static void holds(struct run_config config)
{
	struct run_result r;

	check_holds(&config, &r);
}

static void test_all(void)
{
	static const char *const scenarios[] = {
		"key",
		"shootdown",
		"swap-table",
		"two-mms",
		"collapse-vs-gup",
		"unshare-vs-gup",
		"munmap-vs-gup",
		"preempted-walker",
		"preempted-target",
		"preempted-resume",
		"rcu-walker",
		"lazy-cpu",
		"lazy-race",
		"gen-reorder",
		"nested-zap",
		"ceiling",
		NULL,
	};

	for (size_t p = 0; p < LAB_NR(providers); p++)
		lab_sweep(scenarios, config_of(NULL, providers[p], 0), holds);
}

/* Nobody is preempted: then it is as good as native, and nobody can know. */
static void test_running(void)
{
	struct run_config config = config_of("shootdown", "vmm", 4);
	struct run_result r;

	for (int key = KEY_AUTO; key <= KEY_ON; key++) {
		config.key = key;
		check_holds(&config, &r);
		CU_ASSERT_EQUAL(r.facts.findings.delivered.targets, 90);
		CU_ASSERT_EQUAL(r.facts.findings.delivered.interrupted, 90);
		CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, "a missed optimisation"));
	}
}

/* The last CPU is held in two of three flushes, and takes no interrupt for those. */
static void test_target(void)
{
	struct run_config config = config_of("preempted-target", "vmm", 4);
	struct run_result r;

	config.trials = 20;
	check_holds(&config, &r);
	CU_ASSERT_EQUAL(r.facts.findings.delivered.targets, 20 * 2 * 3 * 3);
	CU_ASSERT_EQUAL(r.facts.findings.delivered.interrupted, 20 * 2 * (3 * 3 - 2));
	CU_ASSERT_PTR_NULL(strstr(r.judgement.why, "a missed optimisation"));
}

static void caught(struct run_config config)
{
	const struct findings *f;
	struct run_result r;

	config.trials = config.cpus > 4 ? 5 : lab_trials();
	lab_caught(config, &r);
	f = &r.facts.findings;
	CU_ASSERT_TRUE(f->safe.bad.total >= config.trials);
	CU_ASSERT_TRUE(f->delivered.walkers_interrupted < f->delivered.walkers);
}

/* v4 said "KVM sends IPIs"; the walker that is held gets none. */
static void test_forced_on(void)
{
	static const char *const walkers[] = { "collapse-vs-gup", "unshare-vs-gup", "munmap-vs-gup",
					       "preempted-walker", NULL };
	struct run_config config;

	for (size_t p = 0; p < LAB_NR(providers); p++) {
		config = config_of(NULL, providers[p], 0);
		config.key = KEY_ON;
		lab_sweep(walkers, config, caught);
	}
	for (size_t s = 0; walkers[s]; s++) {
		config = config_of(walkers[s], "vmm", 2);
		config.policy = policy_declared;
		caught(config);
	}
}

/*
 * Where KVM tells of preemptions: the walker's host CPU is taken from it until KVM has said so
 * to the guest. That takes a right that not everybody has.
 */
static void test_preempted(void)
{
	static const char *const scenarios[] = { "preempted-walker", "preempted-target" };
	struct run_config config;
	struct run_result r;

	for (size_t s = 0; s < LAB_NR(scenarios); s++) {
		config = config_of(scenarios[s], "host", 2);
		config.trials = 20;
		check_holds(&config, &r);
		if (!r.facts.preempted) {
			test_skipped("no SCHED_FIFO, or one host CPU");
			return;
		}
		CU_ASSERT_EQUAL(r.facts.held, 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, "(preempted for real)"));
		CU_ASSERT_TRUE(r.facts.findings.delivered.interrupted <=
			       r.facts.findings.delivered.targets - 20);
	}
	config = config_of("preempted-walker", "host", 2);
	config.key = KEY_ON;
	caught(config);
	config.key = KEY_AUTO;
	config.policy = policy_declared;
	caught(config);
}

static void test_late(void)
{
	for (size_t p = 0; p < LAB_NR(providers); p++) {
		struct run_config config = config_of("key", providers[p], 2);
		struct run_result r;

		config.late = true;
		config.expect_violation = true;
		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
		CU_ASSERT_EQUAL(r.facts.key.value, 1);
	}
}

/* A guest with one CPU has no use for it, and says so. */
static void test_refused(void)
{
	for (size_t p = 0; p < LAB_NR(providers); p++) {
		struct run_config config = config_of("key", providers[p], 1);
		struct run_result r;

		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_SKIP);
		CU_ASSERT_EQUAL(r.status, STATUS_SKIP);
		CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, "one CPU only"));
	}
}

static bool set_steal_time(const struct vcpu *vcpu, uint64_t value)
{
	union {
		struct kvm_msrs msrs;
		uint8_t room[sizeof(struct kvm_msrs) + sizeof(struct kvm_msr_entry)];
	} one = { .msrs.nmsrs = 1 };

	one.msrs.entries[0] = (struct kvm_msr_entry){ .index = MSR_KVM_STEAL_TIME, .data = value };
	return kvm_try(vcpu->fd, KVM_SET_MSRS, &one.msrs) == 1;
}

/* The area as a guest may leave it: elsewhere, off, where no memory is. */
static void test_moved(void)
{
	struct run_config config = lab_config("shootdown", "pvtlb", 2);
	struct error err = { 0 };
	struct vcpu *vcpu;
	struct machine m;
	uint64_t spare;

	CU_ASSERT_EQUAL_FATAL(
		machine_create(&m, &test_host, &lab_images()->image[1], &config, &err), 0);
	vcpu = &m.vcpu[1];
	CU_ASSERT_PTR_EQUAL(vcpu_steal_time(vcpu), vcpu->steal);
	CU_ASSERT_TRUE(set_steal_time(vcpu, 0));
	CU_ASSERT_PTR_NULL(vcpu_steal_time(vcpu));
	CU_ASSERT_TRUE(set_steal_time(vcpu, m.mem.size | KVM_MSR_ENABLED));
	CU_ASSERT_PTR_NULL(vcpu_steal_time(vcpu));
	CU_ASSERT_TRUE(set_steal_time(vcpu, KVM_STEAL_VALID_BITS | KVM_MSR_ENABLED));
	CU_ASSERT_PTR_NULL(vcpu_steal_time(vcpu));
	CU_ASSERT_TRUE(set_steal_time(vcpu, (m.mem.size - 64) | KVM_MSR_ENABLED));
	CU_ASSERT_PTR_EQUAL(vcpu_steal_time(vcpu), guest_mem(&m.mem, m.mem.size - 64, 64));

	/* Flushes go there, too. */
	spare = mem_alloc(&m.mem, sizeof(struct kvm_steal_time), PVTLB_PAGE_SIZE);
	CU_ASSERT_TRUE(set_steal_time(vcpu, spare | KVM_MSR_ENABLED));
	CU_ASSERT_EQUAL(machine_run(&m, &err), 0);
	CU_ASSERT_PTR_EQUAL(vcpu_steal_time(vcpu), guest_mem(&m.mem, spare, 64));
	CU_ASSERT_TRUE(vcpu_steal_time(vcpu)->version > 0);
	machine_destroy(&m);
}

/* With it off there is no way to flush the CPU: the run is ended, and the reason is named. */
static void test_turned_off(void)
{
	struct run_config config = lab_config("shootdown", "pvtlb", 2);
	struct error err = { 0 };
	struct machine m;

	CU_ASSERT_EQUAL_FATAL(
		machine_create(&m, &test_host, &lab_images()->image[1], &config, &err), 0);
	m.console = NULL;
	CU_ASSERT_TRUE(set_steal_time(&m.vcpu[1], 0));
	CU_ASSERT_EQUAL(machine_run(&m, &err), -1);
	CU_ASSERT_EQUAL(err.status, STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "turned its steal time off"));
	machine_destroy(&m);
}

SUITE(scenario_kvm, true, { "all hold, by CPU count", test_all },
      { "nobody preempted: every target is interrupted", test_running },
      { "a preempted target is left out, and has nothing stale", test_target },
      { "key forced on, and v4: caught every time", test_forced_on },
      { "preempted for real: caught every time", test_preempted, NEEDS(SHOWS_PREEMPTED) },
      { "installed late: caught", test_late }, { "one CPU: not installed", test_refused },
      { "a steal-time area that was moved is found", test_moved },
      { "a steal-time area that was turned off is named", test_turned_off });
