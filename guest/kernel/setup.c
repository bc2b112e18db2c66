/* SPDX-License-Identifier: GPL-2.0-only */
/* setup_arch(): the device tree, read with libfdt. */
#include <libfdt.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <asm/pgtable.h>
#include <linux/mm.h>
#include <pvtlb/fdt.h>

#include "../mm/internal.h"
#include "kernel.h"

struct machine machine;
unsigned int nr_cpu_ids = 1;
u64 page_offset_base;

static const void *prop(int node, const char *name, int want)
{
	int len = 0;
	const void *val = node < 0 ? NULL : fdt_getprop(machine.fdt, node, name, &len);

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
	int cpus = fdt_path_offset(machine.fdt, "/cpus");
	int node;

	fdt_for_each_subnode(node, machine.fdt, cpus) {
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
	u64 base = prop_u64(fdt_path_offset(machine.fdt, "/memory"), "reg", 0, 2);
	u64 end = base + prop_u64(fdt_path_offset(machine.fdt, "/memory"), "reg", 1, 2);
	u64 start = base;

	for (int i = 0; i < fdt_num_mem_rsv(machine.fdt); i++) {
		u64 at, size;

		if (!fdt_get_mem_rsv(machine.fdt, i, &at, &size) && at + size > start)
			start = at + size;
	}
	page_alloc_init(start, end);
}

void setup_arch(const void *fdt)
{
	int node;

	machine.fdt = fdt;
	if (fdt_check_header(fdt))
		__builtin_trap();

	/* The doorbell and what a call needs come first: panic() uses them. */
	node = fdt_path_offset(fdt, FDT_PVTLB);
	machine.doorbell = prop_u64(node, FDT_DOORBELL, 0, 1);
	page_offset_base = prop_u64(node, FDT_DIRECT_MAP, 0, 1);
	machine.call_blocks = prop_u64(node, FDT_CALL_BLOCKS, 0, 1) + page_offset_base;
	machine.status = prop_u64(node, FDT_STATUS, 0, 1) + page_offset_base;

	machine.lapic = prop_u64(node, FDT_LAPIC, 0, 1);
	machine.rings = prop_u64(node, FDT_RINGS, 0, 2) + page_offset_base;
	machine.ring_stride = prop_u64(node, FDT_RINGS, 1, 2);
	machine.sequence = __va(prop_u64(node, FDT_SEQUENCE, 0, 1));
	per_cpu_base = prop_u64(node, FDT_PERCPU, 0, 2);
	per_cpu_stride = prop_u64(node, FDT_PERCPU, 1, 2);

	machine.scenario = prop(node, FDT_SCENARIO, -1);
	machine.key = prop(node, FDT_KEY, -1);
	machine.hypercall = prop(node, FDT_HYPERCALL, -1);
	machine.fault = prop(node, FDT_FAULT, -1);
	machine.policy = prop(node, FDT_POLICY, -1);
	if (prop(node, FDT_STOPS, 8))
		machine.stops = prop_u64(node, FDT_STOPS, 0, 1);
	if (prop(node, FDT_STRESS, 8)) {
		machine.stress_cycles = prop_u64(node, FDT_STRESS, 0, 1);
		machine.seed = prop_u64(node, FDT_SEED, 0, 1);
	}
	machine.trials = prop_u32(node, FDT_TRIALS, 1);
	machine.spins = prop_u32(node, FDT_SPINS, 0);

	setup_cpus();
	setup_memory();
}
