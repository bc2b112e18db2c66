/* SPDX-License-Identifier: GPL-2.0-only */
/* Parking a vCPU, and by what its guest can tell. */
#ifndef VMM_EXPLORE_PARKED_H
#define VMM_EXPLORE_PARKED_H

#include "machine/vcpu.h"

/*
 * The guest-physical address of the 8 bytes that have the vCPU's KVM_VCPU_PREEMPTED in them
 * (Documentation/virt/kvm/x86/msr.rst, MSR_KVM_STEAL_TIME); 0: the guest has not asked for them.
 */
uint64_t parked_word(struct vcpu *vcpu);

/*
 * The hypervisor takes the vCPU away where it stands, and lets it go on: as with one that is held,
 * its backend is told, and there is an event. Only where the backend has something to be told.
 */
void park_vcpu(struct vcpu *vcpu);
void unpark_vcpu(struct vcpu *vcpu);

#endif
