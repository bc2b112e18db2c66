/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the hyperv backend: the checks of a flush hypercall, to the TLFS. Pure. */
#include <stddef.h>

#include "base/cpuset.h"
#include "machine/serve.h"
#include "pv/hyperv_check.h"

/* Bits of a CR3 value that no CPU has: Intel SDM vol. 3, 4.5.2; AMD APM vol. 2, 5.3.2. */
#define CR3_RESERVED 0xfff0000000000000ull
#define CR3_ADDR     0x000ffffffffff000ull

static bool known(uint64_t input, struct hv_call *call)
{
	static const struct {
		uint16_t code;
		bool list, ex;
	} codes[] = {
		{ HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE, false, false },
		{ HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST, true, false },
		{ HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX, false, true },
		{ HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX, true, true },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if ((input & HV_HYPERCALL_CODE_MASK) != codes[i].code)
			continue;
		call->list = codes[i].list;
		call->ex = codes[i].ex;
		return true;
	}
	return false;
}

static unsigned int header_bytes(const struct hv_call *call)
{
	return call->ex ? sizeof(struct hv_tlb_flush_ex) + call->varhead * sizeof(uint64_t)
			: sizeof(struct hv_tlb_flush);
}

enum hv_status hyperv_check_call(const struct hv_request *request, uint64_t ram,
				 struct hv_call *call)
{
	uint64_t input = request->input, at = request->params;

	*call = (struct hv_call){ 0 };
	if (!known(input, call))
		return HV_STATUS_INVALID_HYPERCALL_CODE;
	call->varhead = input >> HV_HYPERCALL_VARHEAD_SHIFT & HV_HYPERCALL_VARHEAD_MASK;
	call->end = input >> HV_HYPERCALL_REP_COUNT_SHIFT & HV_HYPERCALL_REP_MASK;
	call->start = input >> HV_HYPERCALL_REP_START_SHIFT & HV_HYPERCALL_REP_MASK;
	/* Fast: these have more parameters than registers, and XMM input is not offered. */
	if (input & (HV_HYPERCALL_RESERVED | HV_HYPERCALL_FAST) || (call->varhead && !call->ex) ||
	    (call->list ? call->start >= call->end : call->start || call->end))
		return HV_STATUS_INVALID_HYPERCALL_INPUT;

	call->bytes = header_bytes(call) + call->end * sizeof(uint64_t);
	if (at % sizeof(uint64_t) || at % HV_PAGE_SIZE + call->bytes > HV_PAGE_SIZE || at >= ram ||
	    ram - at < call->bytes)
		return HV_STATUS_INVALID_ALIGNMENT;
	return HV_STATUS_SUCCESS;
}

/* A CR3 value that could be loaded here; what the low bits say is not about the space. */
static bool good_space(uint64_t space, uint64_t ram)
{
	return !(space & CR3_RESERVED) && (space & CR3_ADDR) < ram;
}

static void all_vps(unsigned int cpus, struct pvtlb_cpuset *set)
{
	*set = (struct pvtlb_cpuset){ 0 };
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		cpuset_add(set, cpu);
}

/* An empty bank may be any. */
static enum hv_status take_bank(unsigned int nr, uint64_t bank, unsigned int cpus,
				struct pvtlb_cpuset *set)
{
	for (unsigned int bit = 0; bit < HV_VP_BANK; bit++)
		if (bank >> bit & 1 && nr * HV_VP_BANK + bit >= cpus)
			return HV_STATUS_INVALID_VP_INDEX;
	if (bank)
		set->bits[nr] = bank;
	return HV_STATUS_SUCCESS;
}

/* An empty mask is an error that has its own words in the specification; so no quirk here. */
static enum hv_status check_mask(uint64_t mask, unsigned int cpus, struct pvtlb_cpuset *set)
{
	return mask ? take_bank(0, mask, cpus, set) : HV_STATUS_INVALID_PARAMETER;
}

static enum hv_status check_vpset(const struct hv_call *call, const struct hv_vpset *vpset,
				  unsigned int cpus, struct pvtlb_cpuset *set)
{
	enum hv_status status = HV_STATUS_SUCCESS;
	unsigned int next = 0;

	if (call->varhead != (unsigned int)__builtin_popcountll(vpset->valid_bank_mask))
		return HV_STATUS_INVALID_HYPERCALL_INPUT;
	if (vpset->format == HV_GENERIC_SET_ALL) {
		all_vps(cpus, set);
		return HV_STATUS_SUCCESS;
	}
	if (vpset->format != HV_GENERIC_SET_SPARSE_4K)
		return HV_STATUS_INVALID_PARAMETER;
	for (unsigned int nr = 0; nr < 64 && !status; nr++)
		if (vpset->valid_bank_mask >> nr & 1)
			status = take_bank(nr, vpset->bank_contents[next++], cpus, set);
	return status;
}

enum hv_status hyperv_check_flush(const struct hv_call *call, const uint64_t *params,
				  unsigned int cpus, uint64_t ram, struct hv_flush *flush)
{
	/* Both kinds begin alike. */
	const struct hv_tlb_flush *plain = (const void *)params;
	const struct hv_tlb_flush_ex *ex = (const void *)params;
	uint64_t flags = HV_FLUSH_ALL_PROCESSORS | HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES;

	*flush = (struct hv_flush){ .list = header_bytes(call) / sizeof(uint64_t) };
	if (!call->list)
		flags |= HV_FLUSH_NON_GLOBAL_MAPPINGS_ONLY;
	if (plain->flags & ~flags)
		return HV_STATUS_INVALID_PARAMETER;
	if (!(plain->flags & HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES) &&
	    !good_space(plain->address_space, ram))
		return HV_STATUS_INVALID_PARAMETER;
	flush->space = plain->flags & HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES ?
			       SERVE_ALL :
			       plain->address_space & CR3_ADDR;
	/* Then mask or set are ignored, whatever they are. */
	if (plain->flags & HV_FLUSH_ALL_PROCESSORS) {
		all_vps(cpus, &flush->vps);
		return HV_STATUS_SUCCESS;
	}
	if (call->ex)
		return check_vpset(call, &ex->hv_vp_set, cpus, &flush->vps);
	return check_mask(plain->processor_mask, cpus, &flush->vps);
}

bool hyperv_range(uint64_t element, uint64_t *start, uint64_t *end)
{
	const uint64_t hole = 1ull << 47, high = -hole, last = -(uint64_t)HV_PAGE_SIZE;
	uint64_t bytes = ((element & HV_GVA_MORE_PAGES) + 1) * HV_PAGE_SIZE;
	uint64_t from = element & ~HV_GVA_MORE_PAGES;
	uint64_t to = from > last - bytes ? last : from + bytes;

	if (from < hole && to > hole)
		to = hole;
	if (from >= hole && from < high)
		from = high;
	*start = from;
	*end = to;
	return from < to;
}
