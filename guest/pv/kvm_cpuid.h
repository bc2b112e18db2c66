/* SPDX-License-Identifier: GPL-2.0-only */
/* May a guest leave KVM's preempted vCPUs out of a flush? By its CPUID leaves. */
#ifndef GUEST_PV_KVM_CPUID_H
#define GUEST_PV_KVM_CPUID_H

#include <asm/paravirt.h>

/* What is against it; 0: nothing. */
enum pvtlb_refused kvm_objection(void);

#endif
