/* SPDX-License-Identifier: GPL-2.0-only */
/* start_kernel(): the boot, in Linux's order. */
#include <asm/cpufeature.h>
#include <asm/paravirt.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/trace.h>

#include "../scenarios/run/run.h"
#include "kernel.h"

/* The user's word against native_pv_tlb_init()'s. */
static void override_key(void)
{
	if (!machine.key)
		return;
	if (!__builtin_strcmp(machine.key, "on"))
		static_branch_enable(&tlb_ipi_broadcast_key);
	else if (!__builtin_strcmp(machine.key, "off"))
		static_branch_disable(&tlb_ipi_broadcast_key);
}

void start_kernel(const void *fdt)
{
	this_cpu_write(stack_top, cpu_stack(0));
	setup_arch(fdt);
	trace(BOOT, PVTLB_BOOT_START_KERNEL);
	trace(BOOT, PVTLB_BOOT_SETUP_ARCH);
	identify_boot_cpu();
	initialize_tlbstate();
	fault_init();
	init_hypervisor_platform();
	cpumask_set_cpu(0, &cpu_online_mask);
	native_smp_prepare_boot_cpu();
	override_key();
	init_hypervisor_late();

	scenario_init();
	trace(BOOT, PVTLB_BOOT_SMP);
	smp_up();

	trace(BOOT, PVTLB_BOOT_SCENARIO);
	run_scenario(0);
	trace(BOOT, PVTLB_BOOT_DONE);
	vmm_call(PVTLB_CALL_DONE, NULL, 0);
	panic("the VMM let a finished guest run on", 0);
}
