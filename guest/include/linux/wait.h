/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for another CPU: spin a little, then halt until it wakes us. */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

#include <linux/types.h>

/* Wait until *word >= value (wrap-around counts). Shown as a barrier by the watchdog. */
void wait_until(const u32 *word, u32 value);
/* Wake cpu if it sleeps in wait_until(). The condition must be stored first. */
void wake_cpu(unsigned int cpu);
/* The reschedule interrupt's handler. */
void wake_interrupt(void);

static inline void cpu_relax(void)
{
	__builtin_ia32_pause();
}

#endif
