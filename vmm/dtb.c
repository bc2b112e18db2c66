/* SPDX-License-Identifier: GPL-2.0-only */
/* The device tree that configures a guest, built with libfdt. */
#include <libfdt.h>
#include <stdio.h>

#include "boot.h"
#include "dtb.h"
#include "machine.h"
#include "pv.h"
#include "pvtlb/fdt.h"
#include "roles.h"

/* libfdt's writer reports the first error at the end if each step is skipped after one. */
#define STEP(call)                                                                                 \
	do {                                                                                       \
		if (!ret)                                                                          \
			ret = (call);                                                              \
	} while (0)

static int prop_u64s(void *fdt, const char *name, const uint64_t *val, int nr)
{
	fdt64_t cell[2];

	for (int i = 0; i < nr; i++)
		cell[i] = cpu_to_fdt64(val[i]);
	return fdt_property(fdt, name, cell, nr * sizeof(cell[0]));
}

#define PROP_U64S(fdt, name, ...)                                                                  \
	prop_u64s(fdt, name, (const uint64_t[]){ __VA_ARGS__ },                                    \
		  sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static int memory_node(void *fdt, uint64_t ram)
{
	int ret = 0;

	STEP(fdt_begin_node(fdt, "memory@0"));
	STEP(fdt_property_string(fdt, "device_type", "memory"));
	STEP(PROP_U64S(fdt, "reg", 0, ram));
	STEP(fdt_end_node(fdt));
	return ret;
}

static int cpus_node(void *fdt, const struct run_config *config, const struct host *host)
{
	int ret = 0;

	STEP(fdt_begin_node(fdt, "cpus"));
	STEP(fdt_property_u32(fdt, "#address-cells", 1));
	STEP(fdt_property_u32(fdt, "#size-cells", 0));
	for (unsigned int cpu = 0; cpu < config->cpus; cpu++) {
		char name[16];

		snprintf(name, sizeof(name), "cpu@%x", cpu);
		STEP(fdt_begin_node(fdt, name));
		STEP(fdt_property_string(fdt, "device_type", "cpu"));
		STEP(fdt_property_u32(fdt, "reg", cpu));
		STEP(fdt_property_u32(fdt, FDT_CPU_PGD, mmu_role(host, cpu, config->cpus)->pgd));
		STEP(fdt_end_node(fdt));
	}
	STEP(fdt_end_node(fdt));
	return ret;
}

static int hypervisor_node(void *fdt, const struct run_config *config)
{
	char compat[64];
	int ret = 0;

	if (!config->backend->paravirt)
		return 0;
	snprintf(compat, sizeof(compat), FDT_BACKEND "%s", config->backend->name);
	STEP(fdt_begin_node(fdt, &FDT_HYPERVISOR[1]));
	STEP(fdt_property_string(fdt, "compatible", compat));
	if (config->late)
		STEP(fdt_property(fdt, FDT_LATE, NULL, 0));
	STEP(fdt_end_node(fdt));
	return ret;
}

static int pvtlb_node(void *fdt, const struct run_config *config, const struct layout *l)
{
	int ret = 0;

	STEP(fdt_begin_node(fdt, &FDT_PVTLB[1]));
	STEP(fdt_property_string(fdt, "compatible", FDT_COMPAT));
	STEP(PROP_U64S(fdt, FDT_DOORBELL, GVA_DOORBELL));
	STEP(PROP_U64S(fdt, FDT_LAPIC, GVA_LAPIC));
	STEP(PROP_U64S(fdt, FDT_DIRECT_MAP, GVA_DIRECT_MAP));
	STEP(PROP_U64S(fdt, FDT_CALL_BLOCKS, l->call_blocks));
	STEP(PROP_U64S(fdt, FDT_STATUS, l->status));
	STEP(PROP_U64S(fdt, FDT_RINGS, l->rings, l->ring_stride));
	STEP(PROP_U64S(fdt, FDT_SEQUENCE, l->sequence));
	STEP(PROP_U64S(fdt, FDT_PERCPU, GVA_DIRECT_MAP + l->percpu, l->percpu_stride));
	STEP(fdt_property_string(fdt, FDT_SCENARIO, config->scenario));
	STEP(fdt_property_string(fdt, FDT_KEY, key_request_names[config->key]));
	STEP(fdt_property_u32(fdt, FDT_TRIALS, config->trials));
	if (config->fault)
		STEP(fdt_property_string(fdt, FDT_FAULT, fault_names[config->fault]));
	STEP(fdt_end_node(fdt));
	return ret;
}

int dtb_build(void *buf, size_t size, const struct run_config *config, const struct host *host,
	      const struct layout *layout, uint64_t ram, struct error *err)
{
	int ret = 0;

	STEP(fdt_create(buf, size));
	STEP(fdt_add_reservemap_entry(buf, 0, layout->free));
	STEP(fdt_finish_reservemap(buf));
	STEP(fdt_begin_node(buf, ""));
	STEP(fdt_property_string(buf, "compatible", FDT_COMPAT));
	STEP(fdt_property_u32(buf, "#address-cells", 2));
	STEP(fdt_property_u32(buf, "#size-cells", 2));
	STEP(memory_node(buf, ram));
	STEP(cpus_node(buf, config, host));
	STEP(hypervisor_node(buf, config));
	STEP(pvtlb_node(buf, config, layout));
	STEP(fdt_end_node(buf));
	STEP(fdt_finish(buf));
	if (ret)
		return fail(err, STATUS_FAIL, "cannot build the device tree: %s", fdt_strerror(ret));
	return fdt_totalsize(buf);
}
