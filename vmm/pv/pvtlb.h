/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the pvtlb backend: the check of a flush request. */
#ifndef VMM_PV_PVTLB_H
#define VMM_PV_PVTLB_H

#include "pvtlb/flush.h"

/*
 * Check a FLUSH_TLB payload of len bytes for a machine of cpus CPUs and ram bytes of memory,
 * by the rules of docs/pvtlb-hypercall.md. PVTLB_OK with the fixed part in *flush, or
 * -PVTLB_E*; touches nothing else.
 */
int64_t pvtlb_check_flush(const void *payload, uint32_t len, unsigned int cpus, uint64_t ram,
			  struct pvtlb_flush *flush);

#endif
