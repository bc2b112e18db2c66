/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What arch/x86/hyperv/mmu.o has from hv_init.c, hv_common.c and mshyperv.c, where the guest is a
 * plain one: no isolation, no nesting. Its hypercalls come to k_hypercall_page in hooks.S.
 */
#include "shim.h"

#ifdef HAVE_HYPERV
#include <asm/mshyperv.h>

extern const unsigned char k_hypercall_page[];

struct ms_hyperv_info ms_hyperv;
void *hv_hypercall_pg;
static u32 vp_index[256] = { [0 ... 255] = VP_INVAL };
u32 *hv_vp_index = vp_index, hv_max_vp_index;
static DEFINE_PER_CPU(void *, input_page);
void *__percpu *hyperv_pcpu_input_arg = &input_page;
bool hyperv_paravisor_present;

bool hv_isolation_type_snp(void)
{
	return false;
}

bool hv_isolation_type_tdx(void)
{
	return false;
}

/* As ms_hyperv_init_platform() and hyperv_init() do, once the guest has asked CPUID. */
int k_install_hyperv(unsigned int hints, int page)
{
	ms_hyperv.hints = hints;
	hv_hypercall_pg = page ? (void *)k_hypercall_page : NULL;
	hyperv_setup_mmu_ops();
	return pv_ops.mmu.flush_tlb_multi != native_flush_tlb_multi;
}

/* As hv_common_cpu_init(). CPUs come up one by one. */
void k_hyperv_cpu_up(unsigned int cpu, unsigned int vp, word input)
{
	vp_index[cpu] = vp;
	if (vp > hv_max_vp_index)
		hv_max_vp_index = vp;
	per_cpu(input_page, cpu) = (void *)input;
}

/* hyperv_flush_tlb_multi(), from its entry to its return: is somebody told, and who is not? */

void hyperv_begins(struct hook_state *h, const struct cpumask *cpus)
{
	h->hyperv.cpus = cpus;
	h->hyperv.told = false;
}

/* Who may be left out: in the mask then and now, and lazy. */
static void lazy_in_mask(const struct hook_state *h, unsigned long words[CPU_WORDS])
{
	unsigned int cpu;

	mask_to_words(words, h->hyperv.cpus);
	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (!(h->mask[cpu / 64] >> (cpu % 64) & 1) ||
		    !READ_ONCE(per_cpu(cpu_tlbstate_shared.is_lazy, cpu)))
			words[cpu / 64] &= ~(1ul << cpu % 64);
}

void hyperv_goes_native(struct hook_state *h)
{
	if (!h->hyperv.told)
		g_hyperv_native();
	h->hyperv.told = true;
}

void hyperv_ends(struct hook_state *h)
{
	unsigned long words[CPU_WORDS];

	if (h->hyperv.told)
		return;
	lazy_in_mask(h, words);
	g_hyperv_nobody(words);
}

/* From hooks.S. A list may take several calls. */
word k_hypercall(word control, word input)
{
	struct hook_state *h = THIS_HOOK;
	unsigned long words[CPU_WORDS] = { 0 };

	if (!h->hyperv.told)
		lazy_in_mask(h, words);
	h->hyperv.told = true;
	return g_hyperv_call(control, input, words);
}
#else
int k_install_hyperv(unsigned int hints, int page)
{
	return 0;
}

void k_hyperv_cpu_up(unsigned int cpu, unsigned int vp, word input)
{
}

void hyperv_begins(struct hook_state *h, const struct cpumask *cpus)
{
}

void hyperv_goes_native(struct hook_state *h)
{
}

void hyperv_ends(struct hook_state *h)
{
}

word k_hypercall(word control, word input)
{
	return 0;
}
#endif
