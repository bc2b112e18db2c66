/* SPDX-License-Identifier: GPL-2.0-only */
/* Preparing the boot CPU and bringing up the others. */
#include <asm/paravirt.h>
#include <asm/tlb_policy.h>
#include <asm/tlbflush.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/trace.h>
#include <linux/wait.h>

#include "boot.h"

/* In kernel/upcall.S. */
void secondary_startup(void);

/* The backend, if any, has installed itself; the key's decision is made here, once. */
void native_smp_prepare_boot_cpu(const struct boot_config *config)
{
	trace(BOOT, PVTLB_BOOT_PV_LOCK_INIT);
	native_pv_lock_init();
	trace(BOOT, PVTLB_BOOT_PV_TLB_INIT);
	tlb_policy_init(config->policy);
}

static void __noreturn start_secondary(unsigned int cpu)
{
	this_cpu_write(cpu_number, cpu);
	this_cpu_write(stack_top, cpu_stack(cpu));
	initialize_tlbstate();
	init_hypervisor_cpu();
	trace(CPU_UP, cpu);
	cpumask_set_cpu(cpu, &cpus_booted_once_mask);
	cpumask_set_cpu(cpu, &cpu_online_mask);
	run_scenario(cpu);
	panic("a worker's role returned from its end", cpu);
}

static void cpu_up(unsigned int cpu)
{
	u64 *stack = (u64 *)cpu_stack(cpu) - 2;
	struct pvtlb_cpu_on on = {
		.cpu = cpu,
		.entry = (u64)secondary_startup,
		.stack = (u64)stack,
		.arg = cpu,
	};
	s64 status;

	stack[0] = (u64)start_secondary;
	status = vmm_call(PVTLB_CALL_CPU_ON, &on, sizeof(on));
	if (status)
		panic("CPU_ON refused", -status);
}

/* Start all, then wait for all: their threads come up side by side. */
void smp_up(void)
{
	unsigned int cpu;

	for (cpu = 1; cpu < nr_cpu_ids; cpu++)
		if (!scenario_leaves_out(cpu))
			cpu_up(cpu);
	for (cpu = 1; cpu < nr_cpu_ids; cpu++) {
		if (scenario_leaves_out(cpu))
			continue;
		status_wait(PVTLB_WAIT_ONLINE, cpu, 0);
		while (!cpumask_test_cpu(cpu, &cpu_online_mask))
			cpu_relax();
	}
	status_run();
}
