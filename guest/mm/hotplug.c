/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU hotplug: a CPU that goes has nothing cached that anybody would have to tell it of. */
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/special_insns.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/trace.h>
#include <linux/wait.h>

#include "internal.h"

/* 0: down, and to stay so. */
static DEFINE_PER_CPU(u32, may_come_up);

static void play_dead(void)
{
	unsigned int cpu = smp_processor_id();

	status_wait(PVTLB_WAIT_ONLINE, cpu, 0);
	while (!smp_load_acquire(this_cpu_ptr(&may_come_up)))
		cpu_yield();
	status_run();
	WRITE_ONCE(*this_cpu_ptr(&may_come_up), 0);
}

/* As a CPU that is new: whatever was cached, and under whatever tag, is from another life. */
static void start_again(void)
{
	initialize_tlbstate();
	write_cr3(mm_cr3(&init_mm), kern_pcid(0), false);
	init_hypervisor_cpu();
	trace(CPU_UP, smp_processor_id());
	cpumask_set_cpu(smp_processor_id(), &cpu_online_mask);
}

/*
 * The hypervisor first: it must not go on writing about a CPU that is gone, nor be told to flush
 * it later. Then the mm, and the bits in masks that it has left behind anywhere. When it is no
 * longer online no IPI is sent to it; those under way are taken.
 */
void take_cpu_down(void)
{
	unsigned int cpu = smp_processor_id();

	local_irq_disable();
	fini_hypervisor_cpu();
	switch_mm_irqs_off(&init_mm);
	clear_mm_cpumasks(cpu);
	trace(CPU_DOWN, cpu);
	cpumask_clear_cpu(cpu, &cpu_online_mask);
	local_irq_enable();
	wait_for_calls();
	local_irq_disable();
	play_dead();
	start_again();
	local_irq_enable();
}

void bring_cpu_up(unsigned int cpu)
{
	smp_store_release(per_cpu_ptr(&may_come_up, cpu), 1);
	status_wait(PVTLB_WAIT_ONLINE, cpu, 0);
	while (!cpumask_test_cpu(cpu, &cpu_online_mask))
		cpu_yield();
	status_run();
}
