/* SPDX-License-Identifier: GPL-2.0-only */
/* The device tree: built by dtb_build(), read back with libfdt, property by property. */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "machine/boot.h"
#include "machine/dtb.h"
#include "machine/machine.h"
#include "base/backend.h"
#include "pvtlb/fdt.h"
#include "kvm/roles.h"
#include "policy.h"
#include "unit_util.h"

#define RAM 0x7e00000ull

/* Every number different, so that two that are mixed up show. */
static const struct layout layout = {
	.direct_map = GVA_DIRECT_MAP,
	.call_blocks = 0x111000,
	.status = 0x222040,
	.sequence = 0x333000,
	.rings = 0x4444000,
	.ring_stride = 0x55000,
	.percpu = 0x6666000,
	.percpu_stride = 0x7000,
	.free = 0x7777000,
};

static const struct dtb_control control = { .stops = { { 1ull << 63 | 5 } }, .stress_cycles = 1ull << 40 };

static const struct host host_hw = { .kind = HOST_VMX };
static const struct host host_svm = { .kind = HOST_SVM };
static const struct host host_pvm = { .kind = HOST_PVM };
static const struct host host_smep = { .kind = HOST_PVM, .smep = true };

static struct run_config config(const char *backend)
{
	return (struct run_config){
		.scenario = "shootdown",
		.backend = backend_named(backend),
		.cpus = 4,
		.trials = 7,
	};
}

static const char *buf(void)
{
	static uint64_t fdt[DTB_MAX / 8];

	return (const char *)fdt;
}

static void build(const struct run_config *c, const struct host *host)
{
	struct error err = { 0 };
	int len;

	memset((void *)buf(), 0xa5, DTB_MAX);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c->backend);
	len = dtb_build((void *)buf(), DTB_MAX, c, &control, host, &layout, RAM, &err);
	CU_ASSERT_FATAL(len > 0);
	CU_ASSERT_EQUAL(err.status, STATUS_OK);
	CU_ASSERT_EQUAL(len, (int)fdt_totalsize(buf()));
	CU_ASSERT_EQUAL(fdt_check_full(buf(), len), 0);
}

static int node(const char *path)
{
	return fdt_path_offset(buf(), path);
}

static bool has(const char *path, const char *name)
{
	int at = node(path);

	return at >= 0 && fdt_getprop(buf(), at, name, NULL);
}

/* Is the property these 64-bit numbers and nothing more? */
static void expect_u64s(const char *path, const char *name, unsigned int nr, uint64_t a, uint64_t b)
{
	const uint64_t want[2] = { a, b };
	int len = -1, at = node(path);
	const fdt64_t *cell = at < 0 ? NULL : fdt_getprop(buf(), at, name, &len);

	if (!EXPECT(cell && len == (int)(nr * 8), "%s %s: %d bytes", path, name, len))
		return;
	for (unsigned int i = 0; i < nr; i++)
		EXPECT(fdt64_ld(cell + i) == want[i], "%s %s: cell %u is %#llx", path, name, i,
		       (unsigned long long)fdt64_ld(cell + i));
}

static void expect_u32(const char *path, const char *name, uint32_t want)
{
	int len = -1, at = node(path);
	const fdt32_t *cell = at < 0 ? NULL : fdt_getprop(buf(), at, name, &len);

	EXPECT(cell && len == 4 && fdt32_ld(cell) == want, "%s %s", path, name);
}

static void expect_string(const char *path, const char *name, const char *want)
{
	int len = -1, at = node(path);
	const char *text = at < 0 ? NULL : fdt_getprop(buf(), at, name, &len);

	EXPECT(text && len == (int)strlen(want) + 1 && !strcmp(text, want), "%s %s", path, name);
}

static int count_properties(const char *path)
{
	int at = node(path), prop, nr = 0;

	if (at >= 0)
		fdt_for_each_property_offset(prop, buf(), at) nr++;
	return nr;
}

static int count_children(const char *path)
{
	int at = node(path), child, nr = 0;

	if (at >= 0)
		fdt_for_each_subnode(child, buf(), at) nr++;
	return nr;
}

static void expect_machine(void)
{
	uint64_t at = 1, size = 0;

	expect_string("/", "compatible", FDT_COMPAT);
	expect_u32("/", "#address-cells", 2);
	expect_u32("/", "#size-cells", 2);
	expect_string("/memory@0", "device_type", "memory");
	expect_u64s("/memory@0", "reg", 2, 0, RAM);
	CU_ASSERT_EQUAL(fdt_num_mem_rsv(buf()), 1);
	CU_ASSERT_EQUAL(fdt_get_mem_rsv(buf(), 0, &at, &size), 0);
	CU_ASSERT_EQUAL(at, 0);
	CU_ASSERT_EQUAL(size, layout.free);
}

static void expect_pvtlb(const struct run_config *c, const struct host *host)
{
	const char *insn = host->kind == HOST_VMX ? "vmcall" : host->kind == HOST_SVM ? "vmmcall" : NULL;
	static const char path[] = FDT_PVTLB;

	expect_string(path, "compatible", FDT_COMPAT);
	expect_u64s(path, FDT_DOORBELL, 1, GVA_DOORBELL, 0);
	expect_u64s(path, FDT_LAPIC, 1, GVA_LAPIC, 0);
	expect_u64s(path, FDT_DIRECT_MAP, 1, GVA_DIRECT_MAP, 0);
	expect_u64s(path, FDT_CALL_BLOCKS, 1, layout.call_blocks, 0);
	expect_u64s(path, FDT_STATUS, 1, layout.status, 0);
	expect_u64s(path, FDT_RINGS, 2, layout.rings, layout.ring_stride);
	expect_u64s(path, FDT_SEQUENCE, 1, layout.sequence, 0);
	expect_u64s(path, FDT_PERCPU, 2, GVA_DIRECT_MAP + layout.percpu, layout.percpu_stride);
	expect_string(path, FDT_SCENARIO, c->scenario);
	expect_string(path, FDT_KEY, key_request_names[c->key]);
	CU_ASSERT_EQUAL(has(path, FDT_POLICY), c->policy.name != NULL);
	if (c->policy.name)
		expect_string(path, FDT_POLICY, c->policy.name);
	expect_u64s(path, FDT_STOPS, PVTLB_EVENT_SET_WORDS, control.stops.bits[0], 0);
	CU_ASSERT_EQUAL(has(path, FDT_STRESS), c->stress != 0);
	if (c->stress)
		expect_u64s(path, FDT_STRESS, 1, control.stress_cycles, 0);
	expect_u64s(path, FDT_SEED, 1, c->seed, 0);
	expect_u32(path, FDT_TRIALS, c->trials);
	CU_ASSERT_EQUAL(has(path, FDT_FAULT), c->fault != PVTLB_FAULT_NONE);
	if (c->fault)
		expect_string(path, FDT_FAULT, fault_names[c->fault]);
	/* No test host has a CPU for each of a guest's. */
	expect_u32(path, FDT_SPINS, 2000);
	CU_ASSERT_EQUAL(has(path, FDT_HYPERCALL), insn != NULL);
	if (insn)
		expect_string(path, FDT_HYPERCALL, insn);
	/* compatible, doorbell ... spins, and the optional ones; a new one wants a test. */
	CU_ASSERT_EQUAL(count_properties(path), 15 + !!c->policy.name + !!c->fault + !!insn + !!c->stress);
	CU_ASSERT_EQUAL(count_children(path), 0);
}

static void expect_cpus(unsigned int cpus, const struct host *host)
{
	unsigned int seen = 0;
	int cpu, parent = node("/cpus");

	expect_u32("/cpus", "#address-cells", 1);
	expect_u32("/cpus", "#size-cells", 0);
	CU_ASSERT_FATAL(parent >= 0);
	fdt_for_each_subnode(cpu, buf(), parent)
	{
		char path[32];

		snprintf(path, sizeof(path), "/cpus/cpu@%x", seen);
		EXPECT(node(path) == cpu, "%s is not number %u", path, seen);
		expect_string(path, "device_type", "cpu");
		expect_u32(path, "reg", seen);
		expect_u32(path, FDT_CPU_PGD, mmu_role(host, seen, cpus)->pgd);
		EXPECT(count_properties(path) == 3, "%s", path);
		seen++;
	}
	CU_ASSERT_EQUAL(seen, cpus);
}

static void check(const struct run_config *c, const struct host *host)
{
	build(c, host);
	expect_machine();
	expect_cpus(c->cpus, host);
	expect_pvtlb(c, host);
}

static void native(void)
{
	struct run_config c = config("native");

	check(&c, &host_hw);
	CU_ASSERT_EQUAL(node(FDT_HYPERVISOR), -FDT_ERR_NOTFOUND);
	CU_ASSERT_EQUAL(count_children("/"), 3);
	expect_string(FDT_PVTLB, FDT_KEY, "auto");
	/* late is about a backend; where there is none it says nothing */
	c.late = true;
	check(&c, &host_hw);
	CU_ASSERT_EQUAL(node(FDT_HYPERVISOR), -FDT_ERR_NOTFOUND);
}

static void pvtlb(void)
{
	struct run_config c = config("pvtlb");

	check(&c, &host_hw);
	expect_string(FDT_HYPERVISOR, "compatible", "pvtlb,pvtlb");
	CU_ASSERT_FALSE(has(FDT_HYPERVISOR, FDT_LATE));
	CU_ASSERT_EQUAL(count_properties(FDT_HYPERVISOR), 1);
	CU_ASSERT_EQUAL(count_children("/"), 4);
}

static void late(void)
{
	struct run_config c = config("pvtlb");
	int len = -1;

	c.late = true;
	check(&c, &host_hw);
	CU_ASSERT_TRUE(has(FDT_HYPERVISOR, FDT_LATE));
	fdt_getprop(buf(), node(FDT_HYPERVISOR), FDT_LATE, &len);
	CU_ASSERT_EQUAL(len, 0);
}

static void faults(void)
{
	for (int fault = PVTLB_FAULT_NONE; fault < PVTLB_FAULT_NR; fault++) {
		struct run_config c = config(fault & 1 ? "native" : "pvtlb");

		c.fault = fault;
		check(&c, &host_hw);
	}
}

static void keys(void)
{
	static const char *const names[] = { "auto", "on", "off" };

	CU_ASSERT_EQUAL(NR_OF(names), KEY_REQUESTS);
	for (int key = 0; key < KEY_REQUESTS; key++) {
		struct run_config c = config("native");

		c.key = key;
		check(&c, &host_hw);
		expect_string(FDT_PVTLB, FDT_KEY, names[key]);
	}
}

static void policies(void)
{
	struct run_config c = config("pvtlb");

	c.policy = policy_declared;
	check(&c, &host_hw);
	/* None: the guest goes by its default. */
	c.policy.name = NULL;
	check(&c, &host_hw);
}

static void stress(void)
{
	static const uint64_t seeds[] = { 0, 1, UINT64_MAX };

	for (size_t i = 0; i < NR_OF(seeds); i++) {
		struct run_config c = config("pvtlb");

		c.stress = 3600;
		c.seed = seeds[i];
		check(&c, &host_hw);
	}
}

static void cpu_counts(void)
{
	static const unsigned int counts[] = { 1, 2, 16, 17, 254, 255 };
	static const struct host *const hosts[] = { &host_hw, &host_svm, &host_pvm,
						     &host_smep };

	for (size_t i = 0; i < NR_OF(counts); i++) {
		for (size_t h = 0; h < NR_OF(hosts); h++) {
			struct run_config c = config("pvtlb");

			c.cpus = counts[i];
			c.trials = h ? UINT32_MAX : 1;
			check(&c, hosts[h]);
		}
	}
}

/* A KVM that shadows page tables has CPUs of both kinds; hardware needs only one. */
static void pgds(void)
{
	struct run_config c = config("native");

	c.cpus = 2;
	check(&c, &host_pvm);
	expect_u32("/cpus/cpu@0", FDT_CPU_PGD, 0);
	expect_u32("/cpus/cpu@1", FDT_CPU_PGD, 1);
	check(&c, &host_hw);
	expect_u32("/cpus/cpu@1", FDT_CPU_PGD, 0);
}

/* With more CPUs than roles the first and the last one share theirs with nobody. */
static void roles(void)
{
	static const struct host *const hosts[] = { &host_pvm, &host_smep };

	CU_ASSERT_EQUAL(mmu_roles(&host_hw), 1);
	CU_ASSERT_EQUAL(mmu_roles(&host_pvm), 4);
	CU_ASSERT_EQUAL(mmu_roles(&host_smep), 6);
	for (size_t h = 0; h < NR_OF(hosts); h++) {
		for (unsigned int cpus = 1; cpus <= PVTLB_MAX_CPUS; cpus++) {
			const struct mmu_role *first = mmu_role(hosts[h], 0, cpus);
			const struct mmu_role *last = mmu_role(hosts[h], cpus - 1, cpus);
			unsigned int shared = cpus > 1 && first == last;

			for (unsigned int cpu = 1; cpu + 1 < cpus; cpu++) {
				const struct mmu_role *role = mmu_role(hosts[h], cpu, cpus);

				shared += !role || role == first || role == last ||
					  (role->needs_smep && !hosts[h]->smep);
			}
			EXPECT(!shared, "%u CPUs, host %zu", cpus, h);
		}
	}
}

/* Every size that is too small is an error with a text, and nothing is written behind it. */
static void too_small(void)
{
	struct run_config c = config("pvtlb");
	int full = -1, fails = 0, texts = 0, overruns = 0;

	c.cpus = 3;
	build(&c, &host_hw);
	full = fdt_totalsize(buf());
	for (int size = 0; size < full; size++) {
		struct error err = { 0 };
		/* exactly so large, for ASan */
		uint8_t *small = malloc(size + 8);

		memset(small + size, 0x5a, 8);
		fails += dtb_build(small, size, &c, &control, &host_hw, &layout, RAM, &err) == -1;
		texts += err.status == STATUS_FAIL && strstr(err.text, "FDT_ERR_NOSPACE");
		for (int i = 0; i < 8; i++)
			overruns += small[size + i] != 0x5a;
		free(small);
	}
	CU_ASSERT_EQUAL(fails, full);
	CU_ASSERT_EQUAL(texts, full);
	CU_ASSERT_EQUAL(overruns, 0);
}

SUITE(unit_dtb, false, { "native machine", native }, { "pvtlb machine", pvtlb },
      { "late backend", late }, { "every fault", faults }, { "every key request", keys },
      { "every policy", policies }, { "a free run", stress },
      { "1 to 255 CPUs on every kind of host", cpu_counts }, { "second pgd", pgds },
      { "roles of CPUs", roles }, { "a buffer that is too small", too_small });
