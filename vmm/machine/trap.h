/* SPDX-License-Identifier: GPL-2.0-only */
/* Traps that come to the VMM: a CPU at a breakpoint, or behind an instruction that was stepped. */
#ifndef VMM_TRAP_H
#define VMM_TRAP_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "pvtlb/types.h"

struct machine;
struct vcpu;

/*
 * KVM_SET_GUEST_DEBUG does nothing where ring 3 runs natively and ring 0 is interpreted
 * (docs/hosts.md). What does the same on every kind of host is the guest's own IDT: with
 * trap_install() these vectors lead to code of ours, which rings a doorbell in ring 0. A
 * breakpoint is a hlt, which ring 3 may not: #GP, before it. (int3 is the guest's gate.)
 */
#define TRAP_DB	  1
#define TRAP_GP	  13
#define TRAP_INSN 0xf4 /* hlt */

/* One of them, taken: what the CPU had pushed, and its registers in our code. */
struct trap {
	uint8_t vector;
	uint64_t rip, cs, rflags, rsp; /* where it was */
	struct kvm_regs regs;
	struct kvm_sregs sregs;
};

/*
 * Have the CPU trap behind its next instruction at ring 3, or not any more. From ring 0
 * it goes on to there: stubs and gates are not stepped. On the vCPU's thread, with nothing of the
 * last exit left (vcpu_complete()).
 */
void trap_step(struct vcpu *vcpu, bool on);

/*
 * Out of guest mode by a signal: may it be behind an int3 whose trap KVM has still to deliver? It
 * is not among what KVM_GET_VCPU_EVENTS shows, and KVM_SET_REGS drops it: then the guest's call is
 * lost.
 */
bool trap_may_be_due(const struct vcpu *vcpu);

/* Before the first vCPU runs. */
void trap_install(struct machine *m);

/* Is the exit a ring of that doorbell? */
bool trap_rang(const struct vcpu *vcpu);
/*
 * Take it; also where the CPU has come to our code, and not yet to the doorbell. -1: it is not in
 * our code, or has no stack. On the vCPU's thread, outside of guest mode.
 */
int trap_take(struct vcpu *vcpu, struct trap *trap);
/* Not ours: the guest's own handler gets it, as if we had not been. */
void trap_forward(struct vcpu *vcpu, const struct trap *trap);
/* Put the CPU back to where it was, to trap behind its next instruction, or not. */
void trap_undo(struct vcpu *vcpu, const struct trap *trap, bool step);

/* Behind the pushf of an upcall: the flags that it comes back with are to have the trap flag. */
void trap_after_upcall(const struct vcpu *vcpu, const struct trap *trap);

#endif
