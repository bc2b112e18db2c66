/* SPDX-License-Identifier: GPL-2.0-only */
/* What the watchdog is told of each CPU. */
#define NO_STEP_POINTS
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>

static struct pvtlb_cpu_status *statuses;

void status_init(u64 base)
{
	statuses = (struct pvtlb_cpu_status *)base;
}

struct pvtlb_cpu_status *cpu_status(unsigned int cpu)
{
	return &statuses[cpu];
}

void status_wait(enum pvtlb_wait wait, unsigned int cpu, u64 tlb_gen)
{
	struct pvtlb_cpu_status *status = cpu_status(smp_processor_id());

	WRITE_ONCE(status->cpu, cpu);
	WRITE_ONCE(status->tlb_gen, tlb_gen);
	WRITE_ONCE(status->soft_irqs_on, !irqs_disabled());
	WRITE_ONCE(status->wait, wait);
}

void status_run(void)
{
	WRITE_ONCE(cpu_status(smp_processor_id())->wait, PVTLB_WAIT_NONE);
}
