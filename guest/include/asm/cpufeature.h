/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU features the flush code asks about. */
#ifndef _ASM_CPUFEATURE_H
#define _ASM_CPUFEATURE_H

#include <asm/gate.h>
#include <linux/types.h>

/* leaf, register (0 eax .. 3 edx), bit. INVLPGB: AMD APM vol. 3, CPUID Fn8000_0008_EBX[3]. */
#define X86_FEATURE_INVLPGB 0x80000008u, 1, 3

static inline bool __cpu_feature(u32 leaf, unsigned int reg, unsigned int bit)
{
	u32 r[4];

	/* The highest leaf of this range: others answer with something else. */
	gate_cpuid(leaf & 0x80000000u, 0, r);
	if (r[0] < leaf)
		return false;
	gate_cpuid(leaf, 0, r);
	return r[reg] >> bit & 1;
}

#define cpu_feature_enabled(feature) __cpu_feature(feature)

#endif
