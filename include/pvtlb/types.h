/* SPDX-License-Identifier: GPL-2.0-only */
/* Types both sides of the ABI agree on: guest addresses and CPU sets. */
#ifndef PVTLB_TYPES_H
#define PVTLB_TYPES_H

#include <stdint.h>

/*
 * Guest addresses are integers on the host: they cannot be dereferenced. The one way from a
 * gpa_t to a host pointer is guest_mem() in vmm/machine/mem.h, which checks the range.
 */
typedef uint64_t gpa_t; /* guest-physical, bytes */
typedef uint64_t gva_t; /* guest-virtual, bytes */

/* One more with each change of what image and VMM share: these headers, and what events mean. */
#define PVTLB_ABI_VERSION 3u

#define PVTLB_PAGE_SHIFT 12
#define PVTLB_PAGE_SIZE	 (1ull << PVTLB_PAGE_SHIFT)

/* xAPIC ids are 8 bits and 255 is the broadcast id, so CPUs are 0..254. */
#define PVTLB_MAX_CPUS 255u

/* A set of CPUs: CPU n is bit n % 64 of bits[n / 64]. Always 256 bits, whatever is online. */
#define PVTLB_CPUSET_WORDS 4u
struct pvtlb_cpuset {
	uint64_t bits[PVTLB_CPUSET_WORDS];
};

#endif
