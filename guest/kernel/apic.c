/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC in xAPIC mode, by MMIO from ring 3 (Intel SDM vol. 3, 11.4 to 11.8). */
#include <asm/apic.h>
#include <asm/io.h>
#include <linux/irqflags.h>
#include <linux/step.h>
#include <linux/trace.h>

#define APIC_EOI  0x0b0
#define APIC_ICR  0x300
#define APIC_ICR2 0x310

static u64 lapic; /* gva */

void apic_init(u64 base)
{
	lapic = base;
}

static void apic_write(u32 reg, u32 val)
{
	mmio_write32(lapic + reg, val);
}

void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

void send_ipi(unsigned int cpu, u8 vector)
{
	bool flags;

	trace(IPI_SEND, cpu, vector);
	if (step_on())
		step_sent(cpu);
	/* Two stores; an interrupt between them could send one of its own. */
	local_irq_save(flags);
	apic_write(APIC_ICR2, cpu << 24);
	apic_write(APIC_ICR, vector);
	local_irq_restore(flags);
}
