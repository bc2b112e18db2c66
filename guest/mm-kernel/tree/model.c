/* SPDX-License-Identifier: GPL-2.0-only */
/* A backend of the model's under the tree's pv_ops, for one that no tree has (pvtlb). */
#include "shim.h"

/* What this CPU has asked it for: for IPIs, should the hypervisor refuse. */
struct asked {
	const struct cpumask *cpus;
	const struct flush_tlb_info *info;
};
static DEFINE_PER_CPU(struct asked, asked_model);

void k_install_model(void)
{
	pv_ops.mmu.flush_tlb_multi = k_model_flush_tlb_multi;
}

/* From hooks.S, in the place of a flush_tlb_multi(). */
void k_flush_by_model(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	unsigned long words[CPU_WORDS];

	this_cpu_write(asked_model.cpus, cpus);
	this_cpu_write(asked_model.info, info);
	mask_to_words(words, cpus);
	g_flush_by_model(words, flushed_id(info), info->start, info->end, info->new_tlb_gen,
			 info->initiating_cpu, info->stride_shift, wake_of(info));
}

void k_flush_multi_natively(void)
{
	native_flush_tlb_multi(this_cpu_read(asked_model.cpus), this_cpu_read(asked_model.info));
}

int k_is_lazy(unsigned int cpu)
{
	return READ_ONCE(per_cpu(cpu_tlbstate_shared.is_lazy, cpu));
}
