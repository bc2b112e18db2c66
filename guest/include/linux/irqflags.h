/* SPDX-License-Identifier: GPL-2.0-only */
/* local_irq_disable() and friends: a soft flag in per-CPU data, not RFLAGS.IF. */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include <linux/percpu.h>

/*
 * The guest's C runs at ring 3, where cli is a trip through the gate. An interrupt that
 * arrives while the flag is 0 is marked pending by the upcall, which returns with real IF
 * clear; turning the flag on replays it.
 */
DECLARE_PER_CPU(u8, soft_irqs_on);
DECLARE_PER_CPU(u8, irq_pending); /* vector, 0: none */

/* Takes the pending one: irq.c's, from irq_init() on. */
extern void (*irq_replay)(void);

static inline bool irqs_disabled(void)
{
	return !this_cpu_read(soft_irqs_on);
}

static inline void local_irq_disable(void)
{
	this_cpu_write(soft_irqs_on, 0);
	barrier();
}

static inline void local_irq_enable(void)
{
	barrier();
	this_cpu_write(soft_irqs_on, 1);
	barrier();
	if (unlikely(this_cpu_read(irq_pending)))
		irq_replay();
}

#define local_irq_save(flags)                                                                      \
	do {                                                                                       \
		(flags) = !irqs_disabled();                                                        \
		local_irq_disable();                                                               \
	} while (0)

#define local_irq_restore(flags)                                                                   \
	do {                                                                                       \
		if (flags)                                                                         \
			local_irq_enable();                                                        \
	} while (0)

#endif
