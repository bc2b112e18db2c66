/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of CPUs, as words of bits. */
#ifndef VMM_ORACLE_CPUSET_H
#define VMM_ORACLE_CPUSET_H

#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/types.h"

#define WORDS PVTLB_CPUSET_WORDS

static inline bool set_test(const uint64_t *set, unsigned int cpu)
{
	return set[cpu / 64] >> (cpu % 64) & 1;
}

static inline void set_add(uint64_t *set, unsigned int cpu)
{
	set[cpu / 64] |= 1ull << (cpu % 64);
}

static inline void set_clear(uint64_t *set, unsigned int cpu)
{
	set[cpu / 64] &= ~(1ull << (cpu % 64));
}

#endif
