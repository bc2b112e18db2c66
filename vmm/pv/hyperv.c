/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the hyperv backend, to the TLFS (pvtlb/hyperv.h; docs/providers.md). */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "kvm/kvm.h"
#include "machine/serve.h"
#include "machine/state.h"
#include "pv/hyperv.h"
#include "pv/stub.h"

#define LEAF	      0x40000000u
#define LEAF_MSRS     (HV_MSR_HYPERCALL_AVAILABLE | HV_MSR_VP_INDEX_AVAILABLE)
#define LEAF_HINTS    (HV_X64_REMOTE_TLB_FLUSH_RECOMMENDED | HV_X64_EX_PROCESSOR_MASKS_RECOMMENDED)
#define NO_SPIN_NOTES 0xffffffffu /* of long spins: leaf 4, ebx */

/* Bits of a CR3 value that no CPU has: Intel SDM vol. 3, 4.5.2; AMD APM vol. 2, 5.3.2. */
#define CR3_RESERVED 0xfff0000000000000ull
#define CR3_ADDR     0x000ffffffffff000ull

/* Partition-wide. Registers are written under the machine's pv_lock. */
struct hyperv {
	uint64_t guest_os_id;
	_Atomic uint64_t hypercall;  /* the MSR */
	uint8_t under[HV_PAGE_SIZE]; /* what the hypercall page covers while it is enabled */
};

/* The checks. */

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
	return call->ex ? sizeof(struct hv_tlb_flush_ex) + call->varhead * sizeof(uint64_t) :
			  sizeof(struct hv_tlb_flush);
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

static void all_cpus(unsigned int cpus, struct pvtlb_cpuset *set)
{
	*set = (struct pvtlb_cpuset){ 0 };
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		set->bits[cpu / 64] |= 1ull << (cpu % 64);
}

/* VPs have the numbers of their CPUs. An empty bank may be any. */
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
		all_cpus(cpus, set);
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
	/* Then mask or set are ignored, whatever they are. */
	if (plain->flags & HV_FLUSH_ALL_PROCESSORS) {
		all_cpus(cpus, &flush->cpus);
		return HV_STATUS_SUCCESS;
	}
	if (call->ex)
		return check_vpset(call, &ex->hv_vp_set, cpus, &flush->cpus);
	return check_mask(plain->processor_mask, cpus, &flush->cpus);
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

/* Serving them. */

static void serve(struct vcpu *caller, const struct hv_call *call, const struct hv_flush *flush,
		  const uint64_t *params)
{
	bool flushed = false;
	uint64_t start, end;

	if (!call->list) {
		serve_flush(caller, &flush->cpus, 0, SERVE_ALL);
		return;
	}
	/* The host's flush of a vCPU drops everything: the rest is for the record. */
	for (unsigned int i = call->start; i < call->end; i++) {
		if (!hyperv_range(params[flush->list + i], &start, &end))
			continue;
		if (!flushed)
			serve_flush(caller, &flush->cpus, start, end);
		else
			serve_note(caller, &flush->cpus, start, end);
		flushed = true;
	}
}

static bool nobody(const struct pvtlb_cpuset *set)
{
	return !(set->bits[0] | set->bits[1] | set->bits[2] | set->bits[3]);
}

static enum hv_status flush_call(struct vcpu *vcpu, const struct hv_request *request,
				 struct hv_call *call)
{
	const struct machine *m = vcpu->machine;
	uint64_t params[HV_PAGE_SIZE / sizeof(uint64_t)];
	struct hv_flush flush;
	enum hv_status status = hyperv_check_call(request, m->mem.size, call);

	if (status)
		return status;
	/* Once: another CPU may be writing to it. */
	memcpy(params, guest_mem(&m->mem, request->params, call->bytes), call->bytes);
	status = hyperv_check_flush(call, params, m->nr_vcpus, m->mem.size, &flush);
	if (status)
		return status;
	serve_skip_target(vcpu, &flush.cpus);
	if (!nobody(&flush.cpus))
		serve(vcpu, call, &flush, params);
	return HV_STATUS_SUCCESS;
}

/* All elements are done at once, or those that earlier calls have done is all there is. */
static uint64_t hypercall(struct vcpu *vcpu, const struct kvm_regs *regs)
{
	const struct hyperv *hv = vcpu->machine->pv_state;
	struct hv_request request = { .input = regs->rcx, .params = regs->rdx };
	struct hv_call call = { 0 };
	enum hv_status status;

	if (!(hv->hypercall & HV_X64_MSR_HYPERCALL_ENABLE))
		return HV_STATUS_ACCESS_DENIED;
	status = flush_call(vcpu, &request, &call);
	if (status)
		return status;
	return (uint64_t)call.end << HV_HYPERCALL_REP_COMP_SHIFT;
}

/* The MSRs. */

static uint8_t *hypercall_page(const struct machine *m, uint64_t msr)
{
	return guest_mem(&m->mem, msr & -(uint64_t)HV_PAGE_SIZE, HV_PAGE_SIZE);
}

/* The page lies over what is in memory there, and gives it back. */
static void uncover(struct machine *m)
{
	struct hyperv *hv = m->pv_state;

	if (hv->hypercall & HV_X64_MSR_HYPERCALL_ENABLE)
		memcpy(hypercall_page(m, hv->hypercall), hv->under, sizeof(hv->under));
	hv->hypercall &= ~HV_X64_MSR_HYPERCALL_ENABLE;
}

static void cover(struct machine *m, uint64_t msr)
{
	struct hyperv *hv = m->pv_state;
	uint8_t *page = hypercall_page(m, msr), stub[HYPERCALL_STUB_BYTES];

	memcpy(hv->under, page, sizeof(hv->under));
	hypercall_stub(stub, false, 0);
	memset(page, 0xcc, HV_PAGE_SIZE);
	memcpy(page, stub, sizeof(stub));
}

static bool set_guest_os_id(struct machine *m, uint64_t value)
{
	struct hyperv *hv = m->pv_state;

	hv->guest_os_id = value;
	if (!value)
		uncover(m);
	return true;
}

/* Without an identity the enable bit stays 0. Once locked the register cannot be written. */
static bool set_hypercall(struct machine *m, uint64_t value)
{
	struct hyperv *hv = m->pv_state;

	if (hv->hypercall & HV_X64_MSR_HYPERCALL_LOCKED)
		return false;
	if (!hv->guest_os_id)
		value &= ~HV_X64_MSR_HYPERCALL_ENABLE;
	if (value & HV_X64_MSR_HYPERCALL_ENABLE && !hypercall_page(m, value))
		return false;
	uncover(m);
	if (value & HV_X64_MSR_HYPERCALL_ENABLE)
		cover(m, value);
	hv->hypercall = value;
	return true;
}

static bool wrmsr(struct vcpu *vcpu, uint32_t msr, uint64_t value)
{
	struct machine *m = vcpu->machine;
	bool ok = false;

	pthread_mutex_lock(&m->pv_lock);
	if (msr == HV_X64_MSR_GUEST_OS_ID)
		ok = set_guest_os_id(m, value);
	else if (msr == HV_X64_MSR_HYPERCALL)
		ok = set_hypercall(m, value);
	pthread_mutex_unlock(&m->pv_lock);
	return ok;
}

static bool rdmsr(struct vcpu *vcpu, uint32_t msr, uint64_t *value)
{
	struct machine *m = vcpu->machine;
	const struct hyperv *hv = m->pv_state;
	bool ok = true;

	pthread_mutex_lock(&m->pv_lock);
	if (msr == HV_X64_MSR_GUEST_OS_ID)
		*value = hv->guest_os_id;
	else if (msr == HV_X64_MSR_HYPERCALL)
		*value = hv->hypercall;
	else if (msr == HV_X64_MSR_VP_INDEX)
		*value = vcpu->id;
	else
		ok = false;
	pthread_mutex_unlock(&m->pv_lock);
	return ok;
}

/* The leaves. */

static void sign(struct kvm_cpuid_entry2 *leaf)
{
	memcpy(&leaf->ebx, &HYPERV_CPUID_SIGNATURE[0], 4);
	memcpy(&leaf->ecx, &HYPERV_CPUID_SIGNATURE[4], 4);
	memcpy(&leaf->edx, &HYPERV_CPUID_SIGNATURE[8], 4);
}

static unsigned int vmm_cpuid(const struct machine *m, struct kvm_cpuid_entry2 *leaf,
			      unsigned int max)
{
	const struct kvm_cpuid_entry2 leaves[] = {
		{ .function = LEAF, .eax = LEAF + HYPERV_CPUID_LEAVES },
		{ .function = LEAF + 1, .eax = HYPERV_CPUID_INTERFACE },
		{ .function = LEAF + 2 },
		{ .function = LEAF + HYPERV_CPUID_FEATURES, .eax = LEAF_MSRS,
		  .edx = HV_HYPERCALL_MSR_LOCK },
		{ .function = LEAF + HYPERV_CPUID_HINTS, .eax = LEAF_HINTS, .ebx = NO_SPIN_NOTES },
		{ .function = LEAF + HYPERV_CPUID_LIMITS, .eax = PVTLB_MAX_CPUS },
	};

	(void)m;
	if (max < sizeof(leaves) / sizeof(leaves[0]))
		return 0;
	memcpy(leaf, leaves, sizeof(leaves));
	sign(leaf);
	return sizeof(leaves) / sizeof(leaves[0]);
}

static const struct hypervisor_ops vmm_ops = {
	.state_size = sizeof(struct hyperv),
	.cpuid = vmm_cpuid,
	.wrmsr = wrmsr,
	.rdmsr = rdmsr,
	.hypercall = hypercall,
};

BACKEND(hyperv, {
	.name = "hyperv",
	.provider = "vmm",
	.paravirt = true,
	.interrupts = INTERRUPTS_NONE,
	.why = "a flush hypercall interrupts no guest context",
	.says_no_ipi = true,
	.ops = &vmm_ops,
});

/*
 * The same by the host's KVM (Documentation/virt/kvm/api.rst, KVM_GET_SUPPORTED_HV_CPUID): it
 * serves MSRs, hypercall page and calls itself once the leaves are there.
 */
static const char *host_missing(const struct host *host)
{
	static const struct {
		int cap;
		const char *why;
	} need[] = {
		{ KVM_CAP_HYPERV, "this KVM does not play Hyper-V (no KVM_CAP_HYPERV)" },
		{ KVM_CAP_HYPERV_TLBFLUSH, "this KVM's Hyper-V has no flush hypercalls "
					   "(no KVM_CAP_HYPERV_TLBFLUSH)" },
		{ KVM_CAP_SYS_HYPERV_CPUID, "this KVM does not tell its Hyper-V leaves "
					    "(no KVM_CAP_SYS_HYPERV_CPUID)" },
	};

	for (size_t i = 0; i < sizeof(need) / sizeof(need[0]); i++)
		if (!kvm_cap(host->kvm, need[i].cap))
			return need[i].why;
	return NULL;
}

static unsigned int host_leaves(const struct machine *m, struct kvm_cpuid_entry2 *leaf,
				unsigned int max)
{
	struct kvm_cpuid2 *cpuid;
	unsigned int nr;

	cpuid = calloc(1, sizeof(*cpuid) + max * sizeof(*leaf));
	if (!cpuid)
		abort();
	cpuid->nent = max;
	kvm_must(m->host->kvm, KVM_GET_SUPPORTED_HV_CPUID, cpuid);
	nr = cpuid->nent;
	memcpy(leaf, cpuid->entries, nr * sizeof(*leaf));
	free(cpuid);
	return nr;
}

/* KVM signs with a name of its own, which guests do not look for. */
static unsigned int host_cpuid(const struct machine *m, struct kvm_cpuid_entry2 *leaf,
			       unsigned int max)
{
	unsigned int nr = host_leaves(m, leaf, max);

	for (unsigned int i = 0; i < nr; i++)
		if (leaf[i].function == LEAF)
			sign(&leaf[i]);
	return nr;
}

/* What the guest will insist on had better be said before it panics. */
static int host_create(struct machine *m, struct error *err)
{
	struct kvm_cpuid_entry2 leaf[KVM_MAX_CPUID];
	unsigned int nr = host_leaves(m, leaf, KVM_MAX_CPUID);

	for (unsigned int i = 0; i < nr; i++)
		if (leaf[i].function == LEAF + HYPERV_CPUID_HINTS &&
		    leaf[i].eax & HV_X64_REMOTE_TLB_FLUSH_RECOMMENDED)
			return 0;
	return fail(err, STATUS_SKIP, "this KVM's Hyper-V does not recommend flush hypercalls");
}

static const struct hypervisor_ops host_ops = {
	.missing = host_missing,
	.create = host_create,
	.cpuid = host_cpuid,
};

BACKEND(hyperv_host, {
	.name = "hyperv",
	.provider = "host",
	.paravirt = true,
	.interrupts = INTERRUPTS_NONE,
	.why = "a flush hypercall interrupts no guest context",
	.says_no_ipi = true,
	.ops = &host_ops,
});
