/* SPDX-License-Identifier: GPL-2.0-only */
/* The time stamp counter, for what is to be done now and then. */
#ifndef _ASM_TSC_H
#define _ASM_TSC_H

#include <linux/step.h>

/* In stepped mode no time passes: what a CPU does goes by the schedule alone. */
static inline u64 get_cycles(void)
{
	return step_on() ? 0 : __builtin_ia32_rdtsc();
}

#endif
