/* SPDX-License-Identifier: GPL-2.0-only */
/* What changes a CPU's own TLB: each instruction says so in an event, and nobody else does. */
#ifndef _ASM_SPECIAL_INSNS_H
#define _ASM_SPECIAL_INSNS_H

#include <asm/cpufeature.h>
#include <asm/gate.h>
#include <linux/trace.h>
#include <linux/types.h>

#define X86_CR4_PCIDE	  (1ull << 17)
#define X86_CR3_PCID_MASK 0xfffull
#define X86_CR3_NOFLUSH	  (1ull << 63)

/*
 * A pgd, and the PCID under which it is cached from here on; keep: what is cached under that
 * already may be used. A CPU without PCID drops everything instead, which is always allowed: the
 * event says what may be counted on.
 */
static inline void write_cr3(u64 pgd, u16 pcid, bool keep)
{
	u64 cr3 = pgd;

	trace(CR3, pgd, pcid, keep ? PVTLB_DROPS_NOTHING : PVTLB_DROPS_TAG);
	if (cpu_feature_enabled(X86_FEATURE_PCID))
		cr3 |= pcid | (keep ? X86_CR3_NOFLUSH : 0);
	gate(GATE_WRITE_CR3, cr3, 0);
}

static inline u64 read_cr3_pa(void)
{
	return gate(GATE_READ_CR3, 0, 0) & ~X86_CR3_PCID_MASK;
}

/* On each CPU, while CR3 has no PCID in it. */
static inline void setup_pcid(void)
{
	if (cpu_feature_enabled(X86_FEATURE_PCID))
		gate(GATE_SET_CR4, X86_CR4_PCIDE, 0);
}

static inline void invlpg(u64 addr)
{
	trace(INVLPG, addr);
	gate(GATE_INVLPG, addr, 0);
}

#endif
