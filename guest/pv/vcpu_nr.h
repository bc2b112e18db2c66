/* SPDX-License-Identifier: GPL-2.0-only */
/* The numbers by which a hypervisor knows the CPUs: any, and not those of the kernel. */
#ifndef GUEST_PV_VCPU_NR_H
#define GUEST_PV_VCPU_NR_H

#include <linux/cpumask.h>
#include <linux/types.h>

#define VCPU_NR_INVAL (~0u) /* not told yet: the CPU is not up */

/* By CPU number. Each CPU asks for its own as it comes up, the way its backend has for it. */
extern u32 vcpu_nr[NR_CPUS];

/* The CPUs that the hypervisor knows by these numbers: nr is bit nr % 64 of word nr / 64. */
struct pvtlb_cpuset vcpus_to_cpus(const struct pvtlb_cpuset *vcpus);

#endif
