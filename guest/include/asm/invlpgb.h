/* SPDX-License-Identifier: GPL-2.0-only */
/* The INVLPGB and TLBSYNC instructions. */
#ifndef _ASM_INVLPGB_H
#define _ASM_INVLPGB_H

#include <linux/types.h>
#include <pvtlb/invlpgb.h>

/*
 * For ring 0 of a CPU that has them. Here, at ring 3, they fault, #UD or #GP, and
 * pv/invlpgb.c does them by hand.
 */
static inline void invlpgb(u64 rax, u32 ecx, u32 edx)
{
	__asm__ volatile(".byte 0x0f, 0x01, 0xfe" : : "a"(rax), "c"(ecx), "d"(edx) : "memory");
}

/* Wait until every INVLPGB of this CPU has been done everywhere. */
static inline void tlbsync(void)
{
	__asm__ volatile(".byte 0x0f, 0x01, 0xff" : : : "memory");
}

#endif
