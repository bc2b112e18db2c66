/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The numbers by which a hypervisor lets its guest name vCPUs. A real one may number them as it
 * likes, and most of the time its numbers happen to be the CPUs': a guest that takes one for the
 * other goes unnoticed for long. So here they never are, with two CPUs or more.
 */
#ifndef VMM_PV_VCPU_NR_H
#define VMM_PV_VCPU_NR_H

#include "base/cpuset.h"

/* Of a machine with so many CPUs: a permutation, not its own inverse with three or more. */
static inline unsigned int vcpu_nr(unsigned int cpu, unsigned int cpus)
{
	return (cpu + 1) % cpus;
}

static inline unsigned int vcpu_nr_cpu(unsigned int nr, unsigned int cpus)
{
	return (nr + cpus - 1) % cpus;
}

/* The CPUs that are named by these numbers, all of which are below cpus. */
static inline struct pvtlb_cpuset vcpu_nr_cpus(const struct pvtlb_cpuset *vcpus, unsigned int cpus)
{
	struct pvtlb_cpuset set = { 0 };

	for (unsigned int nr = 0; nr < cpus; nr++)
		if (cpuset_has(vcpus, nr))
			cpuset_add(&set, vcpu_nr_cpu(nr, cpus));
	return set;
}

#endif
