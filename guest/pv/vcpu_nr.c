/* SPDX-License-Identifier: GPL-2.0-only */
/* The numbers by which a hypervisor knows the CPUs: any, and not those of the kernel. */
#include "vcpu_nr.h"

u32 vcpu_nr[NR_CPUS] = { [0 ... NR_CPUS - 1] = VCPU_NR_INVAL };

struct pvtlb_cpuset vcpus_to_cpus(const struct pvtlb_cpuset *vcpus)
{
	struct pvtlb_cpuset cpus = { 0 };

	for (unsigned int cpu = 0; cpu < NR_CPUS; cpu++) {
		u32 nr = vcpu_nr[cpu];

		if (nr < NR_CPUS && vcpus->bits[nr / 64] >> (nr % 64) & 1)
			cpus.bits[cpu / 64] |= 1ull << (cpu % 64);
	}
	return cpus;
}
