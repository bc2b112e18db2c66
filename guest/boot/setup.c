/* SPDX-License-Identifier: GPL-2.0-only */
/* setup_arch(): the device tree, read with libfdt. */
#include <asm/apic.h>
#include <asm/page.h>
#include <libfdt.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/step.h>
#include <linux/trace.h>
#include <linux/wait.h>
#include <pvtlb/fdt.h>

#include "../mm/internal.h"
#include "boot.h"

static const void *tree;

static const void *prop(int node, const char *name, int want)
{
	int len = 0;
	const void *val = node < 0 ? NULL : fdt_getprop(tree, node, name, &len);

	return val && (want < 0 || len == want) ? val : NULL;
}

static u64 prop_u64(int node, const char *name, int index, int count)
{
	const fdt64_t *val = prop(node, name, 8 * count);

	if (!val)
		panic(name, 0);
	return fdt64_ld(&val[index]);
}

static u32 prop_u32(int node, const char *name, u32 missing)
{
	const fdt32_t *val = prop(node, name, 4);

	return val ? fdt32_ld(val) : missing;
}

static void setup_cpus(void)
{
	int cpus = fdt_path_offset(tree, "/cpus");
	int node;

	fdt_for_each_subnode(node, tree, cpus) {
		u32 cpu = prop_u32(node, "reg", ~0u);

		if (cpu >= PVTLB_MAX_CPUS)
			panic("device tree: cpu reg", cpu);
		per_cpu(cpu_pgd, cpu) = prop_u32(node, FDT_CPU_PGD, 0) & 1;
		if (cpu >= nr_cpu_ids)
			nr_cpu_ids = cpu + 1;
	}
}

/* RAM behind the last reservation is the page allocator's; the VMM puts its own below. */
static void setup_memory(void)
{
	u64 base = prop_u64(fdt_path_offset(tree, "/memory"), "reg", 0, 2);
	u64 end = base + prop_u64(fdt_path_offset(tree, "/memory"), "reg", 1, 2);
	u64 start = base;

	for (int i = 0; i < fdt_num_mem_rsv(tree); i++) {
		u64 at, size;

		if (!fdt_get_mem_rsv(tree, i, &at, &size) && at + size > start)
			start = at + size;
	}
	page_alloc_init(start, end);
}

/* Events that the VMM is told of at once; false: none. */
static bool told_at_once(int node, struct pvtlb_event_set *stops)
{
	u64 any = 0;

	for (int i = 0; i < PVTLB_EVENT_SET_WORDS; i++) {
		stops->bits[i] = prop_u64(node, FDT_STOPS, i, PVTLB_EVENT_SET_WORDS);
		any |= stops->bits[i];
	}
	return any;
}

static struct scenario_config scenario_config(int node)
{
	struct pvtlb_event_set stops;
	struct scenario_config config = {
		.name = prop(node, FDT_SCENARIO, -1),
		.hypercall = prop(node, FDT_HYPERCALL, -1),
		.trials = prop_u32(node, FDT_TRIALS, 1),
		.held = told_at_once(node, &stops),
		.seed = prop_u64(node, FDT_SEED, 0, 1),
	};

	if (prop(node, FDT_STRESS, 8))
		config.stress_cycles = prop_u64(node, FDT_STRESS, 0, 1);
	return config;
}

struct boot_config setup_arch(const void *fdt)
{
	struct pvtlb_event_set stops;
	u64 base;
	int node;

	tree = fdt;
	if (fdt_check_header(fdt))
		__builtin_trap();

	/* The doorbell and what a call needs come first: panic() uses them. */
	node = fdt_path_offset(fdt, FDT_PVTLB);
	base = prop_u64(node, FDT_DIRECT_MAP, 0, 1);
	page_offset_base = base;
	vmm_call_init(prop_u64(node, FDT_DOORBELL, 0, 1),
		      prop_u64(node, FDT_CALL_BLOCKS, 0, 1) + base);
	status_init(prop_u64(node, FDT_STATUS, 0, 1) + base);

	told_at_once(node, &stops);
	trace_init(prop_u64(node, FDT_RINGS, 0, 2) + base, prop_u64(node, FDT_RINGS, 1, 2),
		   __va(prop_u64(node, FDT_SEQUENCE, 0, 1)), &stops);
	apic_init(prop_u64(node, FDT_LAPIC, 0, 1));
	wait_init(prop_u32(node, FDT_SPINS, 0));
	per_cpu_base = prop_u64(node, FDT_PERCPU, 0, 2);
	per_cpu_stride = prop_u64(node, FDT_PERCPU, 1, 2);

	setup_cpus();
	setup_memory();
	if (prop(node, FDT_STEPS, 16)) {
		step_init(prop_u64(node, FDT_STEPS, 0, 2) + base, prop_u64(node, FDT_STEPS, 1, 2));
		static_branch_enable_untold(&step_key);
	}
	return (struct boot_config){
		.fdt = fdt,
		.key = prop(node, FDT_KEY, -1),
		.fault = prop(node, FDT_FAULT, -1),
		.policy = prop(node, FDT_POLICY, -1),
		.scenario = scenario_config(node),
	};
}
