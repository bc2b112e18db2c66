/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest side of the hyperv backend: flush hypercalls of Microsoft's TLFS (pvtlb/hyperv.h). */
#include <asm/gate.h>
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/trace.h>
#include <pvtlb/hyperv.h>

#include "hyperv_call.h"
#include "vcpu_nr.h"

#define GVA_PAGES (HV_GVA_MORE_PAGES + 1) /* that an element can name */
#define GVA_BYTES (GVA_PAGES * PAGE_SIZE)

static bool hypercalls; /* there is a page for them */
static bool ex_processor_masks;
static DEFINE_PER_CPU(void *, hyperv_pcpu_input_arg);

/* A flush on its way: the input page as it is filled, and what the input value says of it. */
struct flush_call {
	u64 *input;
	unsigned int header; /* u64s in front of the list */
	unsigned int varhead;
	u16 space_code, list_code;
};

static u32 hv_cpu_number_to_vp_number(unsigned int cpu)
{
	return vcpu_nr[cpu];
}

/* A list may be done in several calls; success says how far it has come. */
static u16 hv_do_rep_hypercall(u16 code, u64 reps, u64 varhead, void *input)
{
	u64 control = code | varhead << HV_HYPERCALL_VARHEAD_SHIFT |
		      reps << HV_HYPERCALL_REP_COUNT_SHIFT;
	u64 result, done = 0;

	do {
		result = hyperv_call(TRACE_SOURCE, control | done << HV_HYPERCALL_REP_START_SHIFT,
				     input);
		if (result & HV_HYPERCALL_RESULT_MASK)
			break;
		done = result >> HV_HYPERCALL_REP_COMP_SHIFT & HV_HYPERCALL_REP_MASK;
	} while (done < reps);
	return result & HV_HYPERCALL_RESULT_MASK;
}

static bool everybody_present(const struct cpumask *cpus)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (!cpumask_test_cpu(cpu, cpus))
			return false;
	return true;
}

/*
 * The CPUs' VP numbers as banks; returns how many banks these take, 0 for nobody, or -1. A
 * lazy CPU catches up when it switches back, unless tables go away under it.
 */
static int cpumask_to_banks(const struct cpumask *cpus, bool do_lazy, u64 bank[VP_BANKS])
{
	unsigned int cpu;
	int banks = 0;

	for_each_cpu(cpu, cpus) {
		u32 vp = hv_cpu_number_to_vp_number(cpu);

		if (do_lazy && READ_ONCE(per_cpu(cpu_tlbstate, cpu).is_lazy)) {
			trace(ELIDED, cpu, PVTLB_ELIDED_LAZY);
			continue;
		}
		if (vp / HV_VP_BANK >= VP_BANKS)
			return -1;
		bank[vp / HV_VP_BANK] |= 1ull << (vp % HV_VP_BANK);
		if (banks <= (int)(vp / HV_VP_BANK))
			banks = vp / HV_VP_BANK + 1;
	}
	return banks;
}

/* The mask that has room in the plain calls. */
static void fill_mask(struct flush_call *call, u64 mask)
{
	struct hv_tlb_flush *flush = (void *)call->input;

	flush->processor_mask = mask;
	call->header = sizeof(*flush) / sizeof(u64);
	call->varhead = 0;
	call->space_code = HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE;
	call->list_code = HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST;
}

static void fill_vpset(struct flush_call *call, const u64 *bank, int banks)
{
	struct hv_tlb_flush_ex *flush = (void *)call->input;

	flush->hv_vp_set.format = HV_GENERIC_SET_SPARSE_4K;
	flush->hv_vp_set.valid_bank_mask = (1ull << banks) - 1;
	for (int i = 0; i < banks; i++)
		flush->hv_vp_set.bank_contents[i] = bank[i];
	call->header = sizeof(*flush) / sizeof(u64) + banks;
	call->varhead = banks;
	call->space_code = HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX;
	call->list_code = HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX;
}

/* Pages from start up to end, as elements of a list; returns how many. */
static u64 fill_gva_list(u64 *list, u64 start, u64 end)
{
	u64 nr = 0;

	for (u64 at = start; at < end; at += GVA_BYTES, nr++) {
		u64 bytes = end - at < GVA_BYTES ? end - at : GVA_BYTES;

		list[nr] = (at & ~HV_GVA_MORE_PAGES) | (bytes - 1) >> PAGE_SHIFT;
	}
	return nr;
}

/* A range that has no room as a list is all pages. */
static u16 flush_pages(const struct flush_call *call, const struct flush_tlb_info *info)
{
	struct hv_tlb_flush *flush = (void *)call->input;
	u64 room = HV_PAGE_SIZE / sizeof(u64) - call->header, reps;
	bool list = info->end != TLB_FLUSH_ALL &&
		    (info->end - info->start + GVA_BYTES - 1) / GVA_BYTES <= room;

	if (info->end == TLB_FLUSH_ALL)
		flush->flags |= HV_FLUSH_NON_GLOBAL_MAPPINGS_ONLY;
	reps = list ? fill_gva_list(call->input + call->header, info->start, info->end) : 0;
	return hv_do_rep_hypercall(list ? call->list_code : call->space_code, reps, call->varhead,
				   flush);
}

/* Without a call: what is wrong, for IPIs to make good. */
static u16 no_hypercall(u16 status)
{
	trace(HYPERCALL, 0, status);
	return status;
}

/* IRQs are off: the input page is this CPU's. */
static u16 hyperv_flush(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	struct flush_call call = { .input = this_cpu_read(hyperv_pcpu_input_arg) };
	struct hv_tlb_flush *flush = (void *)call.input;
	u64 bank[VP_BANKS] = { 0 };
	int banks;

	if (!hypercalls || !flush)
		return no_hypercall(HV_STATUS_INVALID_HYPERCALL_INPUT);

	/* The mm's first pgd names the address space, whichever of the two a CPU has loaded. */
	flush->address_space = info->mm ? __pa(info->mm->pgd) & PTE_PFN_MASK : 0;
	flush->flags = info->mm ? 0 : HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES;

	if (everybody_present(cpus)) {
		flush->flags |= HV_FLUSH_ALL_PROCESSORS;
		fill_mask(&call, 0);
		return flush_pages(&call, info);
	}
	banks = cpumask_to_banks(cpus, !info->wake_lazy_cpus, bank);
	if (banks < 0)
		return no_hypercall(HV_STATUS_INVALID_VP_INDEX);
	/* Nobody: an empty mask is not to be passed on, some take it for everybody. */
	if (!banks)
		return HV_STATUS_SUCCESS;
	if (banks == 1)
		fill_mask(&call, bank[0]);
	else if (ex_processor_masks)
		fill_vpset(&call, bank, banks);
	else
		return no_hypercall(HV_STATUS_INVALID_PARAMETER);
	return flush_pages(&call, info);
}

static void hyperv_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	bool flags;
	u16 status;

	local_irq_save(flags);
	status = hyperv_flush(cpus, info);
	local_irq_restore(flags);
	if (status != HV_STATUS_SUCCESS)
		native_flush_tlb_multi(cpus, info);
}

/* The input page is never given back: a CPU that is up stays up. */
static void hyperv_cpu_up(void)
{
	vcpu_nr[smp_processor_id()] = hyperv_vp_index();
	this_cpu_write(hyperv_pcpu_input_arg, __va(page_alloc(PAGE_SHIFT)));
}

static bool hyperv_install(void)
{
	u32 hints;
	enum pvtlb_refused why = hyperv_objection(&hints);

	if (why)
		return refuse(why);
	ex_processor_masks = hints & HV_X64_EX_PROCESSOR_MASKS_RECOMMENDED;
	hypercalls = hyperv_enable_page();
	pv_ops.mmu.flush_tlb_multi = hyperv_flush_tlb_multi;
	/* Here v4 was right: a flush by hypercall is no IPI. */
	pv_ops.mmu.flush_tlb_multi_implies_ipi_broadcast = false;
	return true;
}

PV_BACKEND(hyperv, { .name = "hyperv", .install = hyperv_install, .cpu_up = hyperv_cpu_up });
