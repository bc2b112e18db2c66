/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the hyperv backend: the checks of a flush hypercall, to the TLFS. Pure. */
#ifndef VMM_HYPERV_CHECK_H
#define VMM_HYPERV_CHECK_H

#include <stdbool.h>

#include "pvtlb/hyperv.h"

/* A hypercall as it arrives: rcx and rdx. The output's address, r8, is ignored: there is none. */
struct hv_request {
	uint64_t input; /* hypercall input value */
	gpa_t params;
};

/* One of the flush calls, its control word and the place of its parameters checked. */
struct hv_call {
	bool list, ex;
	unsigned int varhead;	 /* u64s of the variable header */
	unsigned int start, end; /* elements of the list to do; 0, 0 without one */
	unsigned int bytes;	 /* of parameters, header and list: at most HV_PAGE_SIZE */
};

/* What is to be flushed, checked: every VP is one of the machine's. */
struct hv_flush {
	struct pvtlb_cpuset vps; /* by their indices, which are not the CPUs' numbers */
	uint64_t space; /* its pgd, or SERVE_ALL */
	unsigned int list; /* index among the parameters, in u64s, of the list's element 0 */
};

/*
 * Check a request for a machine of ram bytes of memory: call code, the other fields of the input
 * value, and that all parameters lie in one page of memory. HV_STATUS_SUCCESS with *call filled,
 * or another HV_STATUS_*.
 */
enum hv_status hyperv_check_call(const struct hv_request *request, uint64_t ram,
				 struct hv_call *call);

/*
 * Check the parameters of a call that hyperv_check_call() has found good: a copy of call->bytes
 * bytes, in a machine of cpus CPUs and ram bytes of memory. The elements of the list are not
 * looked at: none is an error (see hyperv_range()). Touches nothing but *flush.
 */
enum hv_status hyperv_check_flush(const struct hv_call *call, const uint64_t *params,
				  unsigned int cpus, uint64_t ram, struct hv_flush *flush);

/*
 * Pages that an element of a list names, from *start up to, not including, *end. Those at
 * addresses that there are not, i.e. that are not canonical, are left out, as is the very last
 * page of the address space, whose end is no number. false when that leaves none.
 */
bool hyperv_range(uint64_t element, uint64_t *start, uint64_t *end);

#endif
