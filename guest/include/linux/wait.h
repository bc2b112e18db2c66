/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for another CPU: spin a little, then halt until it wakes us. */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

#include <linux/types.h>

/* Wait until *word >= value (wrap-around counts). The caller says what for: status_wait(). */
void wait_until(const u32 *word, u32 value);
/* The word that cpu may sleep for has reached value: wake it if that is what it waits for. */
void wake_cpu(unsigned int cpu, u32 value);
/* How many turns to spin before a halt. */
void wait_init(u32 turns);

static inline void cpu_relax(void)
{
	__builtin_ia32_pause();
}

#endif
