/* SPDX-License-Identifier: GPL-2.0-only */
/* The hyperv backend of the tree: its hyperv_flush_tlb_multi(); its calls, and what they tell. */
#include <asm/pgtable.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <pvtlb/hyperv.h>

#include "../pv/hyperv_call.h"
#include "../pv/vcpu_nr.h"
#include "bridge.h"
#include "glue.h"

static bool hyperv_install(void)
{
	u32 hints;
	enum pvtlb_refused why = hyperv_objection(&hints);

	if (why)
		return refuse(why);
	return k_install_hyperv(hints, hyperv_enable_page()) || refuse(PVTLB_REFUSED_HINT);
}

static void hyperv_cpu_up(void)
{
	unsigned int cpu = smp_processor_id();

	vcpu_nr[cpu] = hyperv_vp_index();
	k_hyperv_cpu_up(cpu, vcpu_nr[cpu], (word)__va(page_alloc(PAGE_SHIFT)));
}

static void left_out(const word lazy[CPU_WORDS], const struct pvtlb_cpuset *asked)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		if ((lazy[cpu / 64] & ~asked->bits[cpu / 64]) >> (cpu % 64) & 1)
			trace_tree("hyperv_flush_tlb_multi", ELIDED, cpu, PVTLB_ELIDED_LAZY);
}

void g_hyperv_nobody(const word lazy[CPU_WORDS])
{
	left_out(lazy, &(const struct pvtlb_cpuset){ 0 });
}

word g_hyperv_call(word control, word input, const word lazy[CPU_WORDS])
{
	struct pvtlb_cpuset asked = hyperv_asked_cpus(control, __va(input));

	left_out(lazy, &asked);
	return hyperv_call(TREE_SOURCE("hyperv_flush_tlb_multi"), control, __va(input));
}

/* Why it makes none is its own affair. */
void g_hyperv_native(void)
{
	trace_tree("hyperv_flush_tlb_multi", HYPERCALL, 0, HV_STATUS_INVALID_PARAMETER);
}

PV_BACKEND(hyperv, { .name = "hyperv", .install = hyperv_install, .cpu_up = hyperv_cpu_up });
