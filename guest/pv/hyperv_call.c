/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding Hyper-V, and calling it; what is asked is told as it stands in the input page. */
#include <asm/gate.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/mm.h>
#include <linux/trace.h>
#include <pvtlb/hyperv.h>

#include "hyperv_call.h"
#include "vcpu_nr.h"

#define HV_PAGE_WORDS (HV_PAGE_SIZE / sizeof(u64))

enum pvtlb_refused hyperv_objection(u32 *hints)
{
	const u32 msrs = HV_MSR_HYPERCALL_AVAILABLE | HV_MSR_VP_INDEX_AVAILABLE;
	u32 base = hypervisor_cpuid_base(HYPERV_CPUID_SIGNATURE, HYPERV_CPUID_LEAVES);
	u32 interface[4], features[4], leaf[4];

	if (!base)
		return PVTLB_REFUSED_NO_HYPERVISOR;
	gate_cpuid(base + 1, 0, interface);
	gate_cpuid(base + HYPERV_CPUID_FEATURES, 0, features);
	gate_cpuid(base + HYPERV_CPUID_HINTS, 0, leaf);
	if (interface[0] != HYPERV_CPUID_INTERFACE || (features[0] & msrs) != msrs)
		return PVTLB_REFUSED_NO_FEATURE;
	*hints = leaf[0];
	return *hints & HV_X64_REMOTE_TLB_FLUSH_RECOMMENDED ? 0 : PVTLB_REFUSED_HINT;
}

/* What is in the register but the page's number and the enable bit is to be preserved. */
bool hyperv_enable_page(void)
{
	u64 msr;

	gate(GATE_WRMSR, HV_X64_MSR_GUEST_OS_ID, HV_GUEST_OS_OPEN_SOURCE | PVTLB_ABI_VERSION);
	msr = gate(GATE_RDMSR, HV_X64_MSR_HYPERCALL, 0) & (PAGE_SIZE - 1);
	msr |= __pa_symbol(hypercall_page) | HV_X64_MSR_HYPERCALL_ENABLE;
	gate(GATE_WRMSR, HV_X64_MSR_HYPERCALL, msr);
	return gate(GATE_RDMSR, HV_X64_MSR_HYPERCALL, 0) == msr;
}

u32 hyperv_vp_index(void)
{
	return gate(GATE_RDMSR, HV_X64_MSR_VP_INDEX, 0);
}

/* The CPUs whose VP numbers are in these banks. */
static struct pvtlb_cpuset banks_to_cpus(u64 valid, const u64 *contents)
{
	struct pvtlb_cpuset vps = { 0 };

	for (unsigned int nr = 0; nr < VP_BANKS; nr++)
		if (valid >> nr & 1)
			vps.bits[nr] = *contents++;
	return vcpus_to_cpus(&vps);
}

static bool has_vpset(u64 control)
{
	u64 code = control & HV_HYPERCALL_CODE_MASK;

	return code == HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX ||
	       code == HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX;
}

struct pvtlb_cpuset hyperv_asked_cpus(u64 control, const void *input)
{
	const struct hv_tlb_flush *plain = input;
	const struct hv_tlb_flush_ex *ex = input;

	if (plain->flags & HV_FLUSH_ALL_PROCESSORS)
		return (struct pvtlb_cpuset){ { ~0ull, ~0ull, ~0ull, ~0ull } };
	return has_vpset(control)
		       ? banks_to_cpus(ex->hv_vp_set.valid_bank_mask, ex->hv_vp_set.bank_contents)
		       : banks_to_cpus(1, &plain->processor_mask);
}

static void trace_ask(const struct pvtlb_source *source, u64 control, const void *input)
{
	const struct hv_tlb_flush *flush = input;
	u64 reps = control >> HV_HYPERCALL_REP_COUNT_SHIFT & HV_HYPERCALL_REP_MASK;
	u64 at = sizeof(*flush) / sizeof(u64);

	if (has_vpset(control))
		at = sizeof(struct hv_tlb_flush_ex) / sizeof(u64) +
		     (control >> HV_HYPERCALL_VARHEAD_SHIFT & HV_HYPERCALL_VARHEAD_MASK);
	trace_from(source, ASK,
		   flush->flags & HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES ? ~0ull
								      : flush->address_space,
		   hyperv_asked_cpus(control, input));
	if (!reps)
		trace_from(source, ASK_RANGE, 0, TLB_FLUSH_ALL);
	for (; reps && at < HV_PAGE_WORDS; reps--, at++) {
		u64 element = ((const u64 *)input)[at];
		u64 start = element & ~HV_GVA_MORE_PAGES;

		trace_from(source, ASK_RANGE, start,
			   start + ((element & HV_GVA_MORE_PAGES) + 1) * PAGE_SIZE);
	}
}

u64 hyperv_call(const struct pvtlb_source *source, u64 control, const void *input)
{
	struct gate_regs regs = { .cx = control, .dx = __pa(input) };
	u64 result;

	if (!(control >> HV_HYPERCALL_REP_START_SHIFT & HV_HYPERCALL_REP_MASK))
		trace_ask(source, control, input);
	result = gate_call(hypercall_page, &regs);
	trace_from(source, HYPERCALL, control & HV_HYPERCALL_CODE_MASK,
		   result & HV_HYPERCALL_RESULT_MASK);
	return result;
}
