/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the kvm backend: the check of what a guest stores to MSR_KVM_STEAL_TIME. */
#ifndef VMM_PV_KVM_H
#define VMM_PV_KVM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Is it a value for a machine with ram bytes of memory? Bits 5 to 1 are reserved; with bit 0
 * set the rest is the address of an area of 64 bytes, which has to be in RAM
 * (Documentation/virt/kvm/x86/msr.rst, MSR_KVM_STEAL_TIME).
 */
bool kvm_check_steal_time(uint64_t value, uint64_t ram);

#endif
