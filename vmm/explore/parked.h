/* SPDX-License-Identifier: GPL-2.0-only */
/* By what a guest can tell that one of its CPUs is parked. */
#ifndef VMM_EXPLORE_PARKED_H
#define VMM_EXPLORE_PARKED_H

#include "machine/vcpu.h"

/*
 * The guest-physical address of the 8 bytes that have the vCPU's KVM_VCPU_PREEMPTED in them
 * (Documentation/virt/kvm/x86/msr.rst, MSR_KVM_STEAL_TIME); 0: the guest has not asked for them.
 */
uint64_t parked_word(struct vcpu *vcpu);

#endif
