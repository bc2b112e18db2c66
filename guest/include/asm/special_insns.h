/* SPDX-License-Identifier: GPL-2.0-only */
/* What changes a CPU's own TLB: each instruction says so in an event, and nobody else does. */
#ifndef _ASM_SPECIAL_INSNS_H
#define _ASM_SPECIAL_INSNS_H

#include <asm/gate.h>
#include <linux/trace.h>
#include <linux/types.h>

/* tag: what is cached from here on is cached under it; 0: no PCID, no global ASID. */
static inline void write_cr3(u64 cr3, u16 tag)
{
	/* CR4.PCIDE is off: whatever the tag, everything goes. */
	trace(CR3, cr3, tag, PVTLB_DROPS_ALL);
	gate(GATE_WRITE_CR3, cr3, 0);
}

static inline u64 read_cr3(void)
{
	return gate(GATE_READ_CR3, 0, 0);
}

static inline void invlpg(u64 addr)
{
	trace(INVLPG, addr);
	gate(GATE_INVLPG, addr, 0);
}

#endif
