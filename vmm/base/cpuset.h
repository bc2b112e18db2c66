/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of CPUs. */
#ifndef VMM_CPUSET_H
#define VMM_CPUSET_H

#include <stdbool.h>

#include "pvtlb/types.h"

/* cpu < PVTLB_MAX_CPUS + 1: any that a set has room for. */
static inline bool cpuset_has(const struct pvtlb_cpuset *set, unsigned int cpu)
{
	return set->bits[cpu / 64] >> (cpu % 64) & 1;
}

static inline void cpuset_add(struct pvtlb_cpuset *set, unsigned int cpu)
{
	set->bits[cpu / 64] |= 1ull << (cpu % 64);
}

static inline void cpuset_remove(struct pvtlb_cpuset *set, unsigned int cpu)
{
	set->bits[cpu / 64] &= ~(1ull << (cpu % 64));
}

/* An empty set means nobody, and not everybody. */
static inline bool cpuset_empty(const struct pvtlb_cpuset *set)
{
	for (unsigned int i = 0; i < PVTLB_CPUSET_WORDS; i++)
		if (set->bits[i])
			return false;
	return true;
}

#endif
