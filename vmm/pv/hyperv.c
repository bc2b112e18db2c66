/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the hyperv backend, to the TLFS (pvtlb/hyperv.h; docs/providers.md). */
#include <stdatomic.h>
#include <string.h>

#include "base/cpuset.h"
#include "machine/serve.h"
#include "machine/state.h"
#include "pv/hyperv_check.h"
#include "pv/hyperv_leaf.h"
#include "pv/stub.h"
#include "pv/vcpu_nr.h"

#define LEAF_MSRS     (HV_MSR_HYPERCALL_AVAILABLE | HV_MSR_VP_INDEX_AVAILABLE)
#define LEAF_HINTS    (HV_X64_REMOTE_TLB_FLUSH_RECOMMENDED | HV_X64_EX_PROCESSOR_MASKS_RECOMMENDED)
#define REPS_AT_ONCE  2u	  /* elements of a list, before it is the guest's turn again */
#define NO_SPIN_NOTES 0xffffffffu /* of long spins: leaf 4, ebx */

/* Partition-wide. Registers are written under the machine's pv_lock. */
struct hyperv {
	uint64_t guest_os_id;
	_Atomic uint64_t hypercall;  /* the MSR */
	uint8_t under[HV_PAGE_SIZE]; /* what the hypercall page covers while it is enabled */
};

/* Serving them. */

static void serve(struct vcpu *caller, const struct hv_call *call, const struct hv_flush *flush,
		  const struct pvtlb_cpuset *cpus, const uint64_t *params)
{
	uint64_t start, end, space = flush->space;
	struct pvtlb_cpuset done;
	bool flushed = false;

	if (!call->list) {
		serve_flush(caller, cpus, space, 0, SERVE_ALL);
		return;
	}
	/* The host's flush of a vCPU drops everything: the rest is for the record. */
	for (unsigned int i = call->start; i < call->end; i++) {
		if (!hyperv_range(params[flush->list + i], &start, &end))
			continue;
		if (!flushed)
			done = serve_flush(caller, cpus, space, start, end);
		else
			serve_note(caller, &done, start, end);
		flushed = true;
	}
}

static enum hv_status flush_call(struct vcpu *vcpu, const struct hv_request *request,
				 struct hv_call *call)
{
	const struct machine *m = vcpu->machine;
	uint64_t params[HV_PAGE_SIZE / sizeof(uint64_t)];
	struct hv_flush flush;
	struct pvtlb_cpuset cpus;
	enum hv_status status = hyperv_check_call(request, m->mem.size, call);

	if (status)
		return status;
	/* Once: another CPU may be writing to it. */
	memcpy(params, guest_mem(&m->mem, request->params, call->bytes), call->bytes);
	status = hyperv_check_flush(call, params, m->nr_vcpus, m->mem.size, &flush);
	if (status)
		return status;
	if (serve_refuses(vcpu))
		return HV_STATUS_INVALID_PARAMETER;
	if (call->end - call->start > REPS_AT_ONCE)
		call->end = call->start + REPS_AT_ONCE;
	cpus = vcpu_nr_cpus(&flush.vps, m->nr_vcpus);
	serve_skip_target(vcpu, &cpus);
	if (!cpuset_empty(&cpus))
		serve(vcpu, call, &flush, &cpus, params);
	return HV_STATUS_SUCCESS;
}

/*
 * A call may do less than all of a list, and says how far the list has come, earlier calls
 * included ("Hypercall Interface": reps completed). It is for the guest to go on from there.
 */
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
		*value = vcpu_nr(vcpu->id, m->nr_vcpus);
	else
		ok = false;
	pthread_mutex_unlock(&m->pv_lock);
	return ok;
}

/* The leaves. */

static unsigned int cpuid(const struct vcpu *vcpu, struct kvm_cpuid_entry2 *leaf, unsigned int max)
{
	const struct kvm_cpuid_entry2 leaves[] = {
		{ .function = HYPERV_LEAF, .eax = HYPERV_LEAF + HYPERV_CPUID_LEAVES },
		{ .function = HYPERV_LEAF + 1, .eax = HYPERV_CPUID_INTERFACE },
		{ .function = HYPERV_LEAF + 2 },
		{ .function = HYPERV_LEAF + HYPERV_CPUID_FEATURES,
		  .eax = LEAF_MSRS,
		  .edx = HV_HYPERCALL_MSR_LOCK },
		{ .function = HYPERV_LEAF + HYPERV_CPUID_HINTS,
		  .eax = LEAF_HINTS,
		  .ebx = NO_SPIN_NOTES },
		{ .function = HYPERV_LEAF + HYPERV_CPUID_LIMITS, .eax = PVTLB_MAX_CPUS },
	};

	(void)vcpu;
	if (max < sizeof(leaves) / sizeof(leaves[0]))
		return 0;
	memcpy(leaf, leaves, sizeof(leaves));
	hyperv_sign(leaf);
	return sizeof(leaves) / sizeof(leaves[0]);
}

static const struct hypervisor_ops ops = {
	.state_size = sizeof(struct hyperv),
	.cpuid = cpuid,
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
			.ops = &ops,
		});
