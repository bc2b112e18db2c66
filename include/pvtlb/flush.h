/* SPDX-License-Identifier: GPL-2.0-only */
/* The pvtlb backend's hypercall: its number, flags and argument block. */
#ifndef PVTLB_FLUSH_H
#define PVTLB_FLUSH_H

#include "pvtlb/call.h"

/* Specified in docs/pvtlb-hypercall.md. */
#define PVTLB_CALL_FLUSH_TLB (PVTLB_CALL_BACKEND + 0)
#define PVTLB_CALL_VCPU_NR   (PVTLB_CALL_BACKEND + 1) /* no payload; result: the caller's number */

#define PVTLB_FLUSH_ALL_SPACES (1u << 0) /* every address space; space must be 0 */
#define PVTLB_FLUSH_ALL_PAGES  (1u << 1) /* every page; nr_ranges must be 0 */
#define PVTLB_FLUSH_FLAGS      (PVTLB_FLUSH_ALL_SPACES | PVTLB_FLUSH_ALL_PAGES)

#define PVTLB_FLUSH_MAX_RANGES 64u

/* Pages from start up to, not including, end; both page aligned, start < end. */
struct pvtlb_flush_range {
	gva_t start;
	gva_t end;
};

struct pvtlb_flush {
	uint32_t flags;
	uint32_t nr_ranges;
	gpa_t space; /* top-level page table of the address space, page aligned */
	struct pvtlb_cpuset vcpus; /* by the hypervisor's numbers, PVTLB_CALL_VCPU_NR */
	struct pvtlb_flush_range range[]; /* nr_ranges of them */
};

#endif
