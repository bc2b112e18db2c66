/* SPDX-License-Identifier: GPL-2.0-only */
/* start_kernel(): the boot, in Linux's order. */
#include <asm/cpufeature.h>
#include <asm/paravirt.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include <linux/fault.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/trace.h>

#include "boot.h"

/* The user's word against native_pv_tlb_init()'s. */
static void override_key(const char *key)
{
	if (!key)
		return;
	if (!__builtin_strcmp(key, "on"))
		static_branch_enable(&tlb_ipi_broadcast_key);
	else if (!__builtin_strcmp(key, "off"))
		static_branch_disable(&tlb_ipi_broadcast_key);
}

void start_kernel(const void *fdt)
{
	struct boot_config config;

	irq_init();
	this_cpu_write(stack_top, cpu_stack(0));
	config = setup_arch(fdt);
	trace(BOOT, PVTLB_BOOT_START_KERNEL);
	trace(BOOT, PVTLB_BOOT_SETUP_ARCH);
	identify_boot_cpu();
	initialize_tlbstate();
	fault_init(config.fault, native_flush_tlb_local);
	init_hypervisor_platform(config.fdt);
	cpumask_set_cpu(0, &cpus_booted_once_mask);
	cpumask_set_cpu(0, &cpu_online_mask);
	native_smp_prepare_boot_cpu(&config);
	override_key(config.key);
	init_hypervisor_late(config.fdt);

	scenario_init(&config.scenario);
	trace(BOOT, PVTLB_BOOT_SMP);
	smp_up();

	trace(BOOT, PVTLB_BOOT_SCENARIO);
	run_scenario(0);
	trace(BOOT, PVTLB_BOOT_DONE);
	vmm_call(PVTLB_CALL_DONE, NULL, 0);
	panic("the VMM let a finished guest run on", 0);
}
