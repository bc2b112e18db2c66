/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the kvm backend: played by us, or left to the host's own KVM. */
#include <asm/kvm_para.h>
#include <stdlib.h>
#include <string.h>

#include "kvm/kvm.h"
#include "machine/shared.h"
#include "machine/state.h"
#include "pv/kvm.h"

#define FEATURES (1u << KVM_FEATURE_STEAL_TIME | 1u << KVM_FEATURE_PV_TLB_FLUSH)

/* --- we play it --- */

/*
 * MSR_KVM_STEAL_TIME of each vCPU, used by its own thread alone. The guest's area is not the
 * one that the host's KVM knows of, which stays ours: what becomes of `preempted` is up to us.
 */
struct state {
	uint64_t steal_time[PVTLB_MAX_CPUS];
};

bool kvm_check_steal_time(uint64_t value, uint64_t ram)
{
	uint64_t gpa = value & KVM_STEAL_VALID_BITS;

	if (value & KVM_STEAL_RESERVED_MASK)
		return false;
	if (!(value & KVM_MSR_ENABLED))
		return true;
	return gpa < ram && sizeof(struct kvm_steal_time) <= ram - gpa;
}

static uint64_t *steal_time_msr(struct vcpu *vcpu)
{
	struct state *state = vcpu->machine->pv_state;

	return &state->steal_time[vcpu->id];
}

static bool wrmsr(struct vcpu *vcpu, uint32_t msr, uint64_t value)
{
	if (msr != MSR_KVM_STEAL_TIME || !kvm_check_steal_time(value, vcpu->machine->mem.size))
		return false;
	*steal_time_msr(vcpu) = value;
	return true;
}

static bool rdmsr(struct vcpu *vcpu, uint32_t msr, uint64_t *value)
{
	if (msr != MSR_KVM_STEAL_TIME)
		return false;
	*value = *steal_time_msr(vcpu);
	return true;
}

/* The flags in an area of the vCPU's; NULL: there is none. */
static struct shared_byte flags_in(struct vcpu *vcpu, struct kvm_steal_time *area)
{
	return (struct shared_byte){ .vcpu = vcpu, .at = area ? &area->preempted : NULL };
}

/* The area that the guest wants for this vCPU; NULL: none. */
static struct kvm_steal_time *guest_area(struct vcpu *vcpu)
{
	uint64_t msr = *steal_time_msr(vcpu);

	if (!(msr & KVM_MSR_ENABLED))
		return NULL;
	return guest_mem(&vcpu->machine->mem, msr & KVM_STEAL_VALID_BITS,
			 sizeof(struct kvm_steal_time));
}

/* Marked over and over it stays what it is: a flush that was asked for must not get lost. */
static void preempt(const struct shared_byte *flags)
{
	shared_or(flags, KVM_VCPU_PREEMPTED);
}

/*
 * In one step: what the guest asked for up to here is done before the vCPU runs, and from here
 * on it sees that it has to send an IPI.
 */
static void resume(struct vcpu *vcpu, const struct shared_byte *flags)
{
	uint8_t were = shared_exchange(flags, 0);

	if (!(were & KVM_VCPU_FLUSH_TLB))
		return;
	event_log_append(&vcpu->machine->log, vcpu->id, DEFERRED, .flags = were);
	vcpu_owe_flush(vcpu);
}

static void vmm_held(struct vcpu *vcpu, bool held)
{
	const struct shared_byte flags = flags_in(vcpu, guest_area(vcpu));

	if (!flags.at)
		return;
	if (!held)
		shared_turn(vcpu);
	/* A vCPU's thread may be scheduled out again before it has entered the guest. */
	preempt(&flags);
	if (!held)
		resume(vcpu, &flags);
}

static unsigned int cpuid(const struct vcpu *vcpu, struct kvm_cpuid_entry2 *leaf,
			  unsigned int max)
{
	uint32_t name[3];

	(void)vcpu;
	if (max < 2)
		return 0;
	/* Documentation/virt/kvm/x86/cpuid.rst */
	memcpy(name, KVM_SIGNATURE, sizeof(name));
	leaf[0] = (struct kvm_cpuid_entry2){
		.function = KVM_CPUID_SIGNATURE,
		.eax = KVM_CPUID_FEATURES,
		.ebx = name[0],
		.ecx = name[1],
		.edx = name[2],
	};
	leaf[1] = (struct kvm_cpuid_entry2){ .function = KVM_CPUID_FEATURES, .eax = FEATURES };
	return 2;
}

static const struct hypervisor_ops vmm_ops = {
	.state_size = sizeof(struct state),
	.cpuid = cpuid,
	.wrmsr = wrmsr,
	.rdmsr = rdmsr,
	.held = vmm_held,
};

BACKEND(kvm_vmm, {
	.name = "kvm",
	.provider = "vmm",
	.paravirt = true,
	.interrupts = INTERRUPTS_RUNNING,
	.why = "preempted CPUs are left out of the IPIs",
	.ops = &vmm_ops,
});

/* --- the host's KVM plays it --- */

static const char *host_missing(const struct host *host)
{
	struct kvm_cpuid2 *all = kvm_supported_cpuid(host->kvm);
	const struct kvm_cpuid_entry2 *leaf = kvm_cpuid_leaf(all, KVM_CPUID_FEATURES);
	bool offered = leaf && (leaf->eax & FEATURES) == FEATURES;

	free(all);
	return offered ? NULL : "this KVM does not offer steal time and PV TLB flush";
}

static bool host_preempts(const struct machine *machine)
{
	return host_shows(machine->host, SHOWS_PREEMPTED);
}

/*
 * KVM does not see a vCPU as preempted when its thread sits here, and some never do. Marked by
 * us it is cleared, and its flush done, by KVM itself as the vCPU enters the guest again.
 */
static void host_held(struct vcpu *vcpu, bool held)
{
	const struct shared_byte flags = flags_in(vcpu, held ? vcpu_steal_time(vcpu) : NULL);

	if (flags.at)
		preempt(&flags);
}

static const struct hypervisor_ops host_ops = {
	.missing = host_missing,
	.held = host_held,
	.preempts = host_preempts,
};

BACKEND(kvm_host, {
	.name = "kvm",
	.provider = "host",
	.paravirt = true,
	.interrupts = INTERRUPTS_RUNNING,
	.why = "preempted CPUs are left out of the IPIs",
	.ops = &host_ops,
});
