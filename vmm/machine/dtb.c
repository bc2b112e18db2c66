/* SPDX-License-Identifier: GPL-2.0-only */
/* The device tree that configures a guest, built with libfdt. */
#include <libfdt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/backend.h"
#include "base/config.h"
#include "kvm/host.h"
#include "kvm/roles.h"
#include "machine/dtb.h"
#include "machine/layout.h"
#include "pvtlb/fdt.h"

/* libfdt's writer reports the first error at the end if each step is skipped after one. */
#define STEP(call)                                                                                 \
	do {                                                                                       \
		if (!ret)                                                                          \
			ret = (call);                                                              \
	} while (0)

static int prop_u64s(void *fdt, const char *name, const uint64_t *val, int nr)
{
	fdt64_t cell[PVTLB_EVENT_SET_WORDS > 2 ? PVTLB_EVENT_SET_WORDS : 2];

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

/* Who decides about the key, and where CPUs are held or for how long they run free. */
static int control_properties(void *fdt, const struct run_config *config,
			      const struct dtb_control *control)
{
	int ret = 0;

	STEP(fdt_property_string(fdt, FDT_KEY, key_request_names[config->key]));
	if (config->policy.name)
		STEP(fdt_property_string(fdt, FDT_POLICY, config->policy.name));
	STEP(prop_u64s(fdt, FDT_STOPS, control->stops.bits, PVTLB_EVENT_SET_WORDS));
	STEP(PROP_U64S(fdt, FDT_SEED, config->seed));
	if (!config->stress)
		return ret;
	STEP(PROP_U64S(fdt, FDT_STRESS, control->stress_cycles));
	return ret;
}

static int pvtlb_node(void *fdt, const struct run_config *config,
		      const struct dtb_control *control, const struct host *host,
		      const struct layout *l)
{
	int ret = 0;

	STEP(fdt_begin_node(fdt, &FDT_PVTLB[1]));
	STEP(fdt_property_string(fdt, "compatible", FDT_COMPAT));
	STEP(PROP_U64S(fdt, FDT_DOORBELL, GVA_DOORBELL));
	STEP(PROP_U64S(fdt, FDT_LAPIC, GVA_LAPIC));
	STEP(PROP_U64S(fdt, FDT_DIRECT_MAP, l->direct_map));
	STEP(PROP_U64S(fdt, FDT_CALL_BLOCKS, l->call_blocks));
	STEP(PROP_U64S(fdt, FDT_STATUS, l->status));
	STEP(PROP_U64S(fdt, FDT_RINGS, l->rings, l->ring_stride));
	STEP(PROP_U64S(fdt, FDT_SEQUENCE, l->sequence));
	STEP(PROP_U64S(fdt, FDT_PERCPU, l->direct_map + l->percpu, l->percpu_stride));
	if (l->steps)
		STEP(PROP_U64S(fdt, FDT_STEPS, l->steps, l->steps_stride));
	STEP(fdt_property_string(fdt, FDT_SCENARIO, config->scenario));
	STEP(control_properties(fdt, config, control));
	STEP(fdt_property_u32(fdt, FDT_TRIALS, config->trials));
	STEP(fdt_property_u32(fdt, FDT_SPINS, host_spins(host, config->cpus)));
	if (host_hypercall(host))
		STEP(fdt_property_string(fdt, FDT_HYPERCALL, host_hypercall(host)));
	if (config->fault)
		STEP(fdt_property_string(fdt, FDT_FAULT, fault_names[config->fault]));
	STEP(fdt_end_node(fdt));
	return ret;
}

int dtb_build(void *buf, size_t size, const struct run_config *config,
	      const struct dtb_control *control, const struct host *host,
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
	STEP(pvtlb_node(buf, config, control, host, layout));
	STEP(fdt_end_node(buf));
	STEP(fdt_finish(buf));
	if (ret)
		return fail(err, STATUS_FAIL, "cannot build the device tree: %s", fdt_strerror(ret));
	return fdt_totalsize(buf);
}

static int check_properties(const void *given, int at, const void *expected, int node,
			    const char *path, struct error *err)
{
	int prop;

	fdt_for_each_property_offset(prop, expected, node) {
		const char *name;
		int want_len, len;
		const void *want = fdt_getprop_by_offset(expected, prop, &name, &want_len);
		const void *val = fdt_getprop(given, at, name, &len);

		if (!val)
			return fail(err, STATUS_FAIL, "device tree: %s has no property %s", path, name);
		if (len != want_len || memcmp(val, want, len))
			return fail(err, STATUS_FAIL,
				    "device tree: %s: property %s is not what this run needs; compare "
				    "with --dump-dtb",
				    path, name);
	}
	return 0;
}

static int count_subnodes(const void *fdt, int node)
{
	int child, n = 0;

	fdt_for_each_subnode(child, fdt, node)
		n++;
	return n;
}

static int check_node(const void *given, const void *expected, int node, struct error *err)
{
	char path[128];
	int at, child;

	if (fdt_get_path(expected, node, path, sizeof(path)))
		return fail(err, STATUS_FAIL, "device tree: a path is too long");
	at = fdt_path_offset(given, path);
	if (at < 0)
		return fail(err, STATUS_FAIL, "device tree: there is no node %s", path);
	if (check_properties(given, at, expected, node, path, err))
		return -1;
	fdt_for_each_subnode(child, expected, node)
		if (check_node(given, expected, child, err))
			return -1;
	/* A CPU more, or one described twice, would be another machine. */
	if (!strcmp(path, "/cpus") && count_subnodes(given, at) != count_subnodes(expected, node))
		return fail(err, STATUS_FAIL, "device tree: %s has other CPUs than this run", path);
	return 0;
}

static bool has_reservation(const void *given, uint64_t addr, uint64_t size)
{
	for (int i = 0; i < fdt_num_mem_rsv(given); i++) {
		uint64_t a, s;

		if (!fdt_get_mem_rsv(given, i, &a, &s) && a == addr && s == size)
			return true;
	}
	return false;
}

/* What would make another run of it: there in both trees, or in none. */
static int check_absent(const void *given, const void *expected, struct error *err)
{
	static const struct {
		const char *path, *prop;
	} known[] = {
		{ FDT_HYPERVISOR, "compatible" },
		{ FDT_HYPERVISOR, FDT_LATE },
		{ FDT_PVTLB, FDT_FAULT },
		{ FDT_PVTLB, FDT_HYPERCALL },
		{ FDT_PVTLB, FDT_STRESS },
		{ FDT_PVTLB, FDT_SEED },
		{ FDT_PVTLB, FDT_STEPS },
	};
	int node, memories = 0;

	fdt_for_each_subnode(node, given, 0)
		memories += !strncmp(fdt_get_name(given, node, NULL), "memory", 6);
	if (memories != 1)
		return fail(err, STATUS_FAIL, "device tree: %d memory nodes instead of one", memories);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		int here = fdt_path_offset(given, known[i].path);
		int there = fdt_path_offset(expected, known[i].path);

		if (fdt_getprop(given, here, known[i].prop, NULL) &&
		    !fdt_getprop(expected, there, known[i].prop, NULL))
			return fail(err, STATUS_FAIL,
				    "device tree: %s has a property %s, which is not of this run",
				    known[i].path, known[i].prop);
	}
	return 0;
}

int dtb_check(const void *given, size_t len, const void *expected, struct error *err)
{
	int ret = len > DTB_MAX ? -FDT_ERR_NOSPACE : fdt_check_full(given, len);

	if (ret)
		return fail(err, STATUS_FAIL, "device tree: %s", fdt_strerror(ret));
	for (int i = 0; i < fdt_num_mem_rsv(expected); i++) {
		uint64_t addr, size;

		if (!fdt_get_mem_rsv(expected, i, &addr, &size) &&
		    !has_reservation(given, addr, size))
			return fail(err, STATUS_FAIL,
				    "device tree: the memory from %#llx, %#llx bytes, is not reserved",
				    (unsigned long long)addr, (unsigned long long)size);
	}
	return check_absent(given, expected, err) || check_node(given, expected, 0, err) ? -1 : 0;
}
