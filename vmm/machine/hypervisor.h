/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's side of a backend: what a machine asks of it. A file under vmm/pv/ answers. */
#ifndef VMM_HYPERVISOR_H
#define VMM_HYPERVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/backend.h"
#include "base/error.h"

struct host;
struct kvm_cpuid_entry2;
struct kvm_regs;
struct machine;
struct vcpu;

/* All of it optional. */
struct hypervisor_ops {
	/* Calls [call_first, call_first + nr_calls), checked and done: PVTLB_OK or -PVTLB_E*. */
	uint32_t call_first, nr_calls;
	int64_t (*call)(struct vcpu *vcpu, uint32_t nr, const void *payload, uint32_t len,
			uint64_t *result);

	/* Can this host provide it? NULL when so, else the reason. */
	const char *(*missing)(const struct host *host);
	/*
	 * Per machine: bytes of state, zeroed, in machine->pv_state; what to do with a new VM, and
	 * at its end, when no vCPU runs any more. create() may start a thread (machine/later.h),
	 * for work that is done later than it was asked for; destroy() has to end it. It is not
	 * called if create() has failed.
	 */
	size_t state_size;
	int (*create)(struct machine *machine, struct error *err);
	void (*destroy)(struct machine *machine);

	/*
	 * The hypervisor's CPUID leaves, 0x40000000 to 0x400000ff, in place of KVM's own, as this
	 * vCPU finds them: at most max; returns how many.
	 */
	unsigned int (*cpuid)(const struct vcpu *vcpu, struct kvm_cpuid_entry2 *leaf,
			      unsigned int max);
	/*
	 * MSRs 0x40000000 to 0x400000ff, and KVM's own, from HYPERVISOR_KVM_MSRS on. false: no such
	 * MSR, or no such value; #GP. With wrmsr the host's KVM serves none of these to the guest.
	 */
	bool (*wrmsr)(struct vcpu *vcpu, uint32_t msr, uint64_t value);
	bool (*rdmsr)(struct vcpu *vcpu, uint32_t msr, uint64_t *value);
	/* A call through a page that hypercall_stub() has written; returns what rax is to be. */
	uint64_t (*hypercall)(struct vcpu *vcpu, const struct kvm_regs *regs);

	/*
	 * The VMM holds the vCPU outside of guest mode, like a host that has preempted
	 * it, or lets it go on. On the vCPU's own thread and under a lock: it must not block.
	 */
	void (*held)(struct vcpu *vcpu, bool held);
	/*
	 * Does the host itself tell the guest who is preempted? Then a vCPU that is to be held is
	 * preempted for real, where that can be had, and held() is not called.
	 */
	bool (*preempts)(const struct machine *machine);
};

/* CPUID leaves and MSRs of hypervisors, 256 of each (Intel SDM vol. 4, 2.1: left to software). */
#define HYPERVISOR_LEAF 0x40000000u
#define HYPERVISOR_MSRS 0x40000000u
/* Documentation/virt/kvm/x86/msr.rst, "Custom MSRs": 256 of them. */
#define HYPERVISOR_KVM_MSRS 0x4b564d00u

/* The backend's; never NULL. */
static inline const struct hypervisor_ops *hypervisor_ops(const struct backend *backend)
{
	static const struct hypervisor_ops none;

	return backend->ops ? backend->ops : &none;
}

/* Why this host cannot provide the backend; NULL: it can. */
static inline const char *hypervisor_missing(const struct backend *backend, const struct host *host)
{
	const struct hypervisor_ops *ops = hypervisor_ops(backend);

	return ops->missing ? ops->missing(host) : NULL;
}

#endif
