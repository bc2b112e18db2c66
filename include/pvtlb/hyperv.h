/* SPDX-License-Identifier: GPL-2.0-only */
/* Hyper-V's interface, as far as remote TLB flushes need it: CPUID, MSRs, hypercalls, statuses. */
#ifndef PVTLB_HYPERV_H
#define PVTLB_HYPERV_H

#include "pvtlb/types.h"

/*
 * From Microsoft's "Hypervisor Top-Level Functional Specification" (TLFS), by the titles of its
 * pages; there is no system header with it. Names are those of the specification or of Linux.
 *
 * "Feature and Interface Discovery": CPUID leaves 0x40000000 to 0x40000005.
 */
#define HYPERV_CPUID_SIGNATURE "Microsoft Hv" /* ebx, ecx, edx of the first leaf */
#define HYPERV_CPUID_INTERFACE 0x31237648u    /* "Hv#1": eax of the second */
#define HYPERV_CPUID_LEAVES    5u	      /* the last leaf there has to be, from the first */
#define HYPERV_CPUID_FEATURES  3u
#define HYPERV_CPUID_HINTS     4u
#define HYPERV_CPUID_LIMITS    5u

/* Leaf 3, eax: HV_PARTITION_PRIVILEGE_MASK. edx: what else there is. */
#define HV_MSR_HYPERCALL_AVAILABLE (1u << 5) /* GUEST_OS_ID and HYPERCALL */
#define HV_MSR_VP_INDEX_AVAILABLE  (1u << 6)
#define HV_HYPERCALL_MSR_LOCK	   (1u << 18)
/* Leaf 4, eax. */
#define HV_X64_REMOTE_TLB_FLUSH_RECOMMENDED   (1u << 2)
#define HV_X64_EX_PROCESSOR_MASKS_RECOMMENDED (1u << 11)

/* "Hypercall Interface": reporting the guest OS identity, establishing the interface. */
#define HV_X64_MSR_GUEST_OS_ID 0x40000000u
#define HV_X64_MSR_HYPERCALL   0x40000001u
#define HV_X64_MSR_VP_INDEX    0x40000002u /* "Virtual Processors", read only */

#define HV_GUEST_OS_OPEN_SOURCE (1ull << 63)

#define HV_X64_MSR_HYPERCALL_ENABLE (1ull << 0)
#define HV_X64_MSR_HYPERCALL_LOCKED (1ull << 1)
/* Bits 11:2 are preserved; from bit 12 on the page's number. */

/*
 * "Hypercall Interface", hypercall inputs: the input value. Variable header and reps are
 * counts: of 8 bytes, of list elements.
 */
#define HV_HYPERCALL_CODE_MASK	     0xffffull
#define HV_HYPERCALL_FAST	     (1ull << 16)
#define HV_HYPERCALL_VARHEAD_SHIFT   17
#define HV_HYPERCALL_VARHEAD_MASK    0x3ffull
#define HV_HYPERCALL_REP_COUNT_SHIFT 32
#define HV_HYPERCALL_REP_START_SHIFT 48
#define HV_HYPERCALL_REP_MASK	     0xfffull
/* Bits 31:27 (31: "is nested", for a hypervisor in a hypervisor), 47:44 and 63:60. */
#define HV_HYPERCALL_RESERVED 0xf000f000f8000000ull

/* Hypercall outputs: the result value. */
#define HV_HYPERCALL_RESULT_MASK    0xffffull
#define HV_HYPERCALL_REP_COMP_SHIFT 32

/* Parameters are aligned to 8 bytes and do not cross a page. */
#define HV_PAGE_SIZE 4096u

enum hv_status {
	HV_STATUS_SUCCESS = 0,
	HV_STATUS_INVALID_HYPERCALL_CODE = 2,
	HV_STATUS_INVALID_HYPERCALL_INPUT = 3,
	HV_STATUS_INVALID_ALIGNMENT = 4,
	HV_STATUS_INVALID_PARAMETER = 5,
	HV_STATUS_ACCESS_DENIED = 6,
	HV_STATUS_INVALID_VP_INDEX = 0xe,
};

/* HvCallFlushVirtualAddressSpace, ..List, ..SpaceEx, ..ListEx. */
#define HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE    0x0002u
#define HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST     0x0003u
#define HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX 0x0013u
#define HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX  0x0014u

#define HV_FLUSH_ALL_PROCESSORS		    (1ull << 0)
#define HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES (1ull << 1)
#define HV_FLUSH_NON_GLOBAL_MAPPINGS_ONLY   (1ull << 2) /* not with a list */
#define HV_FLUSH_USE_EXTENDED_RANGE_FORMAT  (1ull << 3) /* only where leaf 3 edx bit 14 is set */

/* An element of a list: address of a page, and in the low 12 bits how many more follow it. */
#define HV_GVA_MORE_PAGES 0xfffull

/* In front of the list, if any. */
struct hv_tlb_flush {
	uint64_t address_space; /* a CR3 value */
	uint64_t flags;
	uint64_t processor_mask; /* VP n is bit n */
	uint64_t gva_list[];
};

/* HV_VP_SET: VP n is bit n % 64 of bank n / 64; banks are there for the bits of the mask. */
#define HV_GENERIC_SET_SPARSE_4K 0u
#define HV_GENERIC_SET_ALL	 1u
#define HV_VP_BANK		 64u

struct hv_vpset {
	uint64_t format;
	uint64_t valid_bank_mask;
	uint64_t bank_contents[]; /* the variable header */
};

struct hv_tlb_flush_ex {
	uint64_t address_space;
	uint64_t flags;
	struct hv_vpset hv_vp_set;
	/* banks, then the list */
};

#endif
