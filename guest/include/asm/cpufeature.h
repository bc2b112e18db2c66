/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU features the flush code asks about. */
#ifndef _ASM_CPUFEATURE_H
#define _ASM_CPUFEATURE_H

#include <linux/types.h>

enum x86_feature { X86_FEATURE_INVLPGB, X86_FEATURE_PCID, X86_FEATURE_NR };

extern bool boot_cpu_has[X86_FEATURE_NR];
#define cpu_feature_enabled(feature) (boot_cpu_has[feature])

/* Asks CPUID, once: a trip into ring 0 is dear. */
void identify_boot_cpu(void);

#endif
