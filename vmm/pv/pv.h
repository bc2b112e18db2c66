/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's side of a backend: what a file under vmm/pv/ registers. */
#ifndef VMM_PV_H
#define VMM_PV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct host;
struct kvm_cpuid_entry2;
struct kvm_regs;
struct machine;
struct vcpu;

/*
 * Which of the CPUs a flush is for does it interrupt? RUNNING: all but those that the guest
 * has found preempted and says so (PVTLB_EV_ELIDED). SOME: it depends; those that
 * it does not are flushed all the same.
 */
enum interrupts { INTERRUPTS_ALL, INTERRUPTS_NONE, INTERRUPTS_RUNNING, INTERRUPTS_SOME };

struct pv_provider {
	const char *name;     /* of the backend */
	const char *provider; /* who plays the hypervisor: "none", "vmm", "host" */
	bool paravirt;	      /* needs /hypervisor and an image with pv_ops */
	bool invlpgb;	      /* is about that instruction: runs with it shown in CPUID only */
	enum interrupts interrupts;
	const char *why; /* the reason for the key's expected value, one clause */
	/* Its guest part says of itself that its flush is no IPI: --policy declared believes it. */
	bool says_no_ipi;

	/* Calls [call_first, call_first + nr_calls), checked and done: PVTLB_OK or -PVTLB_E*. */
	uint32_t call_first, nr_calls;
	int64_t (*call)(struct vcpu *vcpu, uint32_t nr, const void *payload, uint32_t len,
			uint64_t *result);

	/* All from here on optional. */

	/* Can this host provide it? NULL when so, else the reason. */
	const char *(*missing)(const struct host *host);
	/* Per machine: bytes of state, zeroed, in machine->pv_state; and what to do with a new VM. */
	size_t state_size;
	int (*create)(struct machine *machine, struct error *err);

	/*
	 * The hypervisor's CPUID leaves, 0x40000000 to 0x400000ff, in place of KVM's own: at most
	 * max; returns how many.
	 */
	unsigned int (*cpuid)(const struct machine *machine, struct kvm_cpuid_entry2 *leaf,
			      unsigned int max);
	/*
	 * MSRs 0x40000000 to 0x400000ff, and KVM's own, from PV_KVM_MSRS on. false: no such MSR, or
	 * no such value; #GP. With wrmsr the host's KVM serves none of these to the guest.
	 */
	bool (*wrmsr)(struct vcpu *vcpu, uint32_t msr, uint64_t value);
	bool (*rdmsr)(struct vcpu *vcpu, uint32_t msr, uint64_t *value);
	/* A call through a page that pv_hypercall_stub() has written; returns what rax is to be. */
	uint64_t (*hypercall)(struct vcpu *vcpu, const struct kvm_regs *regs);

	/*
	 * The VMM holds the vCPU outside of guest mode, like a host that has preempted
	 * it, or lets it go on. On the vCPU's own thread and under a lock: it must not block.
	 */
	void (*parked)(struct vcpu *vcpu, bool parked);
	/*
	 * Does the host itself tell the guest who is preempted? Then a vCPU that is to be held is
	 * preempted for real, where that can be had, and parked() is not called.
	 */
	bool (*preempts)(const struct machine *machine);
};

#define PV_PROVIDER(ident, ...)                                                                    \
	static const struct pv_provider pv_provider_##ident                                        \
		__attribute__((used, section("pv_providers"), aligned(8))) = __VA_ARGS__

/* Documentation/virt/kvm/x86/msr.rst, "Custom MSRs": 256 of them. */
#define PV_KVM_MSRS 0x4b564d00u

/* All of them, in the order of their names, native first. Returns NULL behind the last. */
const struct pv_provider *pv_provider_at(unsigned int i);
const struct pv_provider *pv_provider_named(const char *name);
/* Of that backend, by that provider; NULL: none. */
const struct pv_provider *pv_provider_by(const char *name, const char *provider);

/*
 * Code for a hypercall page, called at ring 0: exits to the VMM with the registers as they
 * are, but r11, and returns with the result in rax. With nr, rax holds that at the exit.
 */
#define PV_STUB_BYTES 32u
void pv_hypercall_stub(uint8_t code[PV_STUB_BYTES], bool with_nr, uint32_t nr);

#endif
