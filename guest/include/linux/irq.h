/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupt handlers: registered through a linker section, found by their vectors. */
#ifndef _LINUX_IRQ_H
#define _LINUX_IRQ_H

#include <linux/compiler.h>
#include <linux/types.h>

struct irq_handler {
	void (*handle)(void); /* with IRQs off, acknowledged */
	u64 vector;
};
#define IRQ_HANDLER(vec, fn)                                                                       \
	static const struct irq_handler irq_handler_##fn __used __aligned(8)                       \
		__section(".irq_handlers") = { .handle = (fn), .vector = (vec) }

/* Before the first interrupt. */
void irq_init(void);

#endif
