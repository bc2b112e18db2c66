/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for another CPU: spin a little, then halt until it wakes us. */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

#include <linux/step.h>
#include <linux/types.h>

/* Wait until *word >= value (wrap-around counts). The caller says what for: status_wait(). */
void wait_until(const u32 *word, u32 value);
/* The word that cpu may sleep for has reached value: wake it if that is what it waits for. */
void wake_cpu(unsigned int cpu, u32 value);
/* How many turns to spin before a halt. */
void wait_init(u32 turns);

/* In every spin. In stepped mode the CPU does not go on before what it read last has changed. */
static inline void cpu_relax(void)
{
	if (step_on())
		step_spin();
	else
		__builtin_ia32_pause();
}

/* The same for a wait that may be long: whoever is waited for may need this one's host CPU. */
void cpu_yield(void);

#endif
