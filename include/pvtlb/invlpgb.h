/* SPDX-License-Identifier: GPL-2.0-only */
/* INVLPGB and TLBSYNC, done by the VMM for a guest whose CPU does not have them. */
#ifndef PVTLB_INVLPGB_H
#define PVTLB_INVLPGB_H

#include "pvtlb/call.h"

#define PVTLB_CALL_INVLPGB (PVTLB_CALL_BACKEND + 0x100) /* payload: struct pvtlb_invlpgb */
#define PVTLB_CALL_TLBSYNC (PVTLB_CALL_BACKEND + 0x101) /* no payload */
/* CR4 of a CPU that has PCIDs, whatever the host's has. */
#define PVTLB_CALL_READ_CR4  (PVTLB_CALL_BACKEND + 0x102) /* no payload; result: the value */
#define PVTLB_CALL_WRITE_CR4 (PVTLB_CALL_BACKEND + 0x103) /* payload: the value, u64 */

/* The instruction's operands as they stand in the registers. */
struct pvtlb_invlpgb {
	uint64_t rax;
	uint32_t ecx, edx;
};

/* AMD APM vol. 3 (24594), INVLPGB. rAX: what the other operands say, and the address. */
#define INVLPGB_VA_VALID   (1ull << 0)
#define INVLPGB_PCID_VALID (1ull << 1)
#define INVLPGB_ASID_VALID (1ull << 2)
#define INVLPGB_GLOBAL	   (1ull << 3) /* global translations, too */
#define INVLPGB_FINAL_ONLY (1ull << 4) /* keep what is cached of upper levels */
#define INVLPGB_NESTED	   (1ull << 5) /* nested translations, too */
#define INVLPGB_RAX_MBZ	   0xfc0ull
/* ECX: pages besides the first, and whether they are 2 MiB apart. */
#define INVLPGB_COUNT	  0xffffu
#define INVLPGB_STRIDE_2M (1u << 31)
#define INVLPGB_ECX_MBZ	  0x7fff0000u
/* EDX: ASID in 15:0, PCID in 27:16. */
#define INVLPGB_ASID	   0xffffu
#define INVLPGB_PCID_SHIFT 16
#define INVLPGB_PCID	   0xfffu
#define INVLPGB_EDX_MBZ	   0xf0000000u

/* CPUID Fn8000_0008 EDX[15:0]: the largest count; what this VMM shows there. */
#define INVLPGB_COUNT_MAX 7u
/* Those of a CPU without SVM: its own, which is 0. Nor has it nested translations. */
#define INVLPGB_ASID_MAX 0u

/* What it takes to use PCIDs (APM vol. 2, 5.5.1; SDM vol. 3, 4.10.1). */
#define X86_CR4_PCIDE (1ull << 17)
#define X86_CR3_PCID  0xfffull

#endif
