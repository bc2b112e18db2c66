/* SPDX-License-Identifier: GPL-2.0-only */
/* Hyper-V's CPUID leaves, as far as both who play it have to do with them. */
#ifndef VMM_HYPERV_LEAF_H
#define VMM_HYPERV_LEAF_H

#include <linux/kvm.h>
#include <string.h>

#include "machine/hypervisor.h"
#include "pvtlb/hyperv.h"

/* The first one, by which a guest knows its hypervisor. */
#define HYPERV_LEAF HYPERVISOR_LEAF

static inline void hyperv_sign(struct kvm_cpuid_entry2 *leaf)
{
	memcpy(&leaf->ebx, &HYPERV_CPUID_SIGNATURE[0], 4);
	memcpy(&leaf->ecx, &HYPERV_CPUID_SIGNATURE[4], 4);
	memcpy(&leaf->edx, &HYPERV_CPUID_SIGNATURE[8], 4);
}

#endif
