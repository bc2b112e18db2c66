/* SPDX-License-Identifier: GPL-2.0-only */
/* Device trees of a user's: what a run accepts, and how it says what is wrong with the rest. */
#include <libfdt.h>
#include <string.h>

#include "base/config.h"
#include "machine/dtb.h"
#include "machine/machine.h"
#include "base/backend.h"
#include "pvtlb/fdt.h"
#include "test.h"
#include "policy.h"
#include "unit_util.h"

#define RAM (96ull << 20)

static char ours[DTB_MAX], given[DTB_MAX];

/* Our tree for a run of the backend, free or not, and a writable copy in given. */
static void build_for(const char *backend, unsigned int stress)
{
	static const struct host host = { .kind = HOST_PVM, .smep = true };
	static const struct layout layout = { .free = 0x2000000, .rings = 0x1100000 };
	struct run_config config = {
		.scenario = "key",
		.backend = backend_named(backend),
		.paravirt = true,
		.cpus = 4,
		.trials = 1,
		.policy = P_DECLARED,
		.stress = stress,
		.seed = 7,
	};
	const struct dtb_control control = { .stops = { { 0x123 } }, .stress_cycles = 1000 };
	struct error err = { 0 };

	CU_ASSERT_TRUE_FATAL(
		dtb_build(ours, sizeof(ours), &config, &control, &host, &layout, RAM, &err) > 0);
	CU_ASSERT_EQUAL_FATAL(fdt_open_into(ours, given, sizeof(given)), 0);
}

static void build(const char *backend)
{
	build_for(backend, 0);
}

static void refused(const char *what, size_t len, const char *says)
{
	struct error err = { 0 };
	int ret = dtb_check(given, len, ours, &err);

	EXPECT(ret == -1 && err.status == STATUS_FAIL && strstr(err.text, says), "%s: %d, '%s'", what,
	       ret, err.text);
}

static void test_good(void)
{
	struct error err = { 0 };

	build("pvtlb");
	CU_ASSERT_EQUAL(dtb_check(ours, fdt_totalsize(ours), ours, &err), 0);
	CU_ASSERT_EQUAL(fdt_setprop_string(given, 0, "model", "mine"), 0);
	CU_ASSERT_TRUE(fdt_add_subnode(given, 0, "chosen") > 0);
	CU_ASSERT_EQUAL(fdt_add_mem_rsv(given, RAM - 4096, 4096), 0);
	CU_ASSERT_EQUAL(dtb_check(given, sizeof(given), ours, &err), 0);
	CU_ASSERT_EQUAL(err.status, 0);
}

/* Each property of each node taken away, and then changed. */
static void test_each_property(void)
{
	int node, prop, n = 0;
	char path[128];

	build_for("pvtlb", 5);
	for (node = 0; node >= 0; node = fdt_next_node(ours, node, NULL)) {
		fdt_for_each_property_offset(prop, ours, node) {
			const char *name;
			int len, at;
			char *val;

			fdt_getprop_by_offset(ours, prop, &name, &len);
			fdt_get_path(ours, node, path, sizeof(path));

			build_for("pvtlb", 5);
			fdt_delprop(given, fdt_path_offset(given, path), name);
			refused(name, sizeof(given), name);

			build_for("pvtlb", 5);
			at = fdt_path_offset(given, path);
			val = fdt_getprop_w(given, at, name, NULL);
			if (len) {
				val[len / 2] ^= 1;
				refused(name, sizeof(given), name);
			} else {
				CU_ASSERT_EQUAL(fdt_setprop_u32(given, at, name, 1), 0);
				refused(name, sizeof(given), name);
			}
			n++;
		}
	}
	CU_ASSERT_TRUE(n > 29);
}

static void test_missing(void)
{
	build("pvtlb");
	fdt_del_node(given, fdt_path_offset(given, "/cpus/cpu@3"));
	refused("no CPU 3", sizeof(given), "no node /cpus/cpu@3");
	build("pvtlb");
	fdt_del_node(given, fdt_path_offset(given, FDT_PVTLB));
	refused("no /pvtlb", sizeof(given), "no node " FDT_PVTLB);
	build("pvtlb");
	fdt_del_mem_rsv(given, 0);
	refused("no reservation", sizeof(given), "not reserved");
}

/* More than we would have put in is fine, but not what makes it another run. */
static void test_another_run(void)
{
	int node;

	build("native");
	node = fdt_add_subnode(given, 0, "hypervisor");
	fdt_setprop_string(given, node, "compatible", "pvtlb,pvtlb");
	refused("a hypervisor", sizeof(given), "/hypervisor");
	build("pvtlb");
	fdt_setprop(given, fdt_path_offset(given, FDT_HYPERVISOR), FDT_LATE, NULL, 0);
	refused("late", sizeof(given), FDT_LATE);
	build("native");
	fdt_setprop_string(given, fdt_path_offset(given, FDT_PVTLB), FDT_FAULT, "skip-ipi");
	refused("a fault", sizeof(given), FDT_FAULT);
	build("native");
	node = fdt_add_subnode(given, fdt_path_offset(given, "/cpus"), "x");
	fdt_setprop_u32(given, node, "reg", 3);
	refused("a CPU twice", sizeof(given), "other CPUs");
	build("native");
	CU_ASSERT_TRUE(fdt_add_subnode(given, 0, "memory@1") > 0);
	refused("two memories", sizeof(given), "memory nodes");
	build("native");
	fdt_setprop_string(given, fdt_path_offset(given, FDT_PVTLB), FDT_HYPERCALL, "vmmcall");
	refused("an instruction", sizeof(given), FDT_HYPERCALL);
}

/* A run is free or it is not, and each has its own seed: here 7. */
static void test_another_freedom(void)
{
	build("native");
	fdt_setprop_u64(given, fdt_path_offset(given, FDT_PVTLB), FDT_STRESS, 1000);
	refused("a free run", sizeof(given), FDT_STRESS);
	build("native");
	fdt_setprop_u64(given, fdt_path_offset(given, FDT_PVTLB), FDT_SEED, 8);
	refused("a seed", sizeof(given), FDT_SEED);
}

static void test_malformed(void)
{
	struct rnd r = { .state = 0xd7b };
	struct error err;

	build("pvtlb");
	for (size_t len = 0; len < fdt_totalsize(ours); len += 7) {
		memcpy(given, ours, sizeof(given));
		refused("truncated", len, "FDT_ERR");
	}
	for (unsigned int round = 0; round < 20000; round++) {
		size_t size = fdt_totalsize(ours);

		memcpy(given, ours, sizeof(given));
		given[rnd_below(&r, size)] = (char)rnd(&r);
		err = (struct error){ 0 };
		/* It may have hit padding; what counts is that it is an answer. */
		if (dtb_check(given, size, ours, &err))
			CU_ASSERT_TRUE(err.status && err.text[0]);
	}
	memset(given, 0xff, sizeof(given));
	refused("no tree", sizeof(given), "FDT_ERR");
	refused("too long", DTB_MAX + 1, "FDT_ERR");
}

SUITE(unit_dtb_check, false,
	{ "ours, and more than ours", test_good },
	{ "each property missing, each property changed", test_each_property },
	{ "nodes and reservations missing", test_missing },
	{ "what makes it another run", test_another_run },
	{ "what makes it a free run", test_another_freedom },
	{ "malformed trees", test_malformed });
