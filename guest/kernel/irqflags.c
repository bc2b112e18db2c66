/* SPDX-License-Identifier: GPL-2.0-only */
/* The soft interrupt flag: its state, and who is to be called when it is set. */
#include <linux/irqflags.h>

DEFINE_PER_CPU(u8, soft_irqs_on) = 1;
DEFINE_PER_CPU(u8, irq_pending);

void (*irq_replay)(void);
