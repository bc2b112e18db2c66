/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupt upcalls: taking an interrupt, or leaving it pending for the soft flag. */
#include <asm/apic.h>
#include <asm/gate.h>
#include <linux/irq.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/step.h>
#include <linux/trace.h>

#include "traps.h"

extern const struct irq_handler __start_irq_handlers[], __stop_irq_handlers[];

#define X86_FLAGS_TF 0x100

_Static_assert(GATE_STI == 0, "kernel/upcall.S calls service 0 to set IF");

/* Left by ring 0 for the upcall: at most one of each is in use, as IF is clear. */
DEFINE_PER_CPU(u8, irq_vector);
DEFINE_PER_CPU(u64, irq_rip);
DEFINE_PER_CPU(u64, irq_flags);

/* Interrupts that came with IF clear, which cannot be; dropped by ring 0. */
DEFINE_PER_CPU(u32, irq_repeats);

static const struct irq_handler *handler(u8 vector)
{
	const struct irq_handler *h;

	for (h = __start_irq_handlers; h < __stop_irq_handlers; h++)
		if (h->vector == vector)
			return h;
	panic("unexpected interrupt", vector);
}

static void handle_irq(u8 vector)
{
	u64 last = step_on() ? step_irq_enter() : 0;

	trace(IRQ_ENTRY, vector);
	apic_eoi();
	handler(vector)->handle();
	trace(IRQ_EXIT, vector);
	if (step_on())
		step_irq_exit(last);
}

bool do_irq_upcall(struct upcall_frame *frame);
/* Returns whether IF is to be set again. */
bool do_irq_upcall(struct upcall_frame *frame)
{
	u8 vector = this_cpu_read(irq_vector);

	/* What is stepped through is so behind the interrupt, too. */
	frame->flags |= this_cpu_read(irq_flags) & X86_FLAGS_TF;
	if (unlikely(this_cpu_read(irq_repeats))) {
		trace(IRQ_REPEAT, vector, this_cpu_read(irq_repeats));
		this_cpu_write(irq_repeats, 0);
	}
	if (irqs_disabled()) {
		/* The local APIC holds back any other one: IF stays clear until the replay. */
		this_cpu_write(irq_pending, vector);
		trace(IRQ_PEND, vector);
		return false;
	}
	local_irq_disable();
	handle_irq(vector);
	this_cpu_write(soft_irqs_on, 1);
	return true;
}

/* IRQs were just enabled and one is pending; real IF is clear. */
static void replay(void)
{
	u8 vector = this_cpu_read(irq_pending);

	local_irq_disable();
	this_cpu_write(irq_pending, 0);
	handle_irq(vector);
	this_cpu_write(soft_irqs_on, 1);
	gate(GATE_STI, 0, 0);
}

void irq_init(void)
{
	irq_replay = replay;
}
