/* SPDX-License-Identifier: GPL-2.0-only */
/* pv_ops with its native defaults, and the choice of a backend. */
#include <asm/gate.h>
#include <asm/paravirt.h>
#include <asm/tlbflush.h>
#include <libfdt.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <pvtlb/fdt.h>

#include "kernel.h"

#ifdef CONFIG_PARAVIRT

struct paravirt_patch_template pv_ops = {
	.mmu.flush_tlb_user = native_flush_tlb_local,
	.mmu.flush_tlb_one_user = native_flush_tlb_one_user,
	.mmu.flush_tlb_multi = native_flush_tlb_multi,
	.mmu.flush_tlb_multi_implies_ipi_broadcast = true,
};

extern const struct pv_backend __start_pv_backends[], __stop_pv_backends[];

static const struct pv_backend *installed;

void init_hypervisor_cpu(void)
{
	if (installed && installed->cpu_up)
		installed->cpu_up();
}

bool refuse(enum pvtlb_refused why)
{
	trace(BOOT, PVTLB_BOOT_BACKEND_REFUSED, .refused = why);
	return false;
}

u32 hypervisor_cpuid_base(const char *signature, u32 leaves)
{
	for (u32 base = 0x40000000; base < 0x40010000; base += 0x100) {
		u32 r[4];

		gate_cpuid(base, 0, r);
		if (!memcmp(&r[1], signature, 12) && r[0] >= base + leaves)
			return base;
	}
	return 0;
}

static void install(int node, bool late)
{
	const struct pv_backend *b;
	const char *compat;

	if (node < 0 || late != !!fdt_getprop(machine.fdt, node, FDT_LATE, NULL))
		return;
	compat = fdt_getprop(machine.fdt, node, "compatible", NULL);
	if (!compat || strncmp(compat, FDT_BACKEND, strlen(FDT_BACKEND)))
		panic("/hypervisor: no compatible of ours", 0);
	for (b = __start_pv_backends; b < __stop_pv_backends; b++) {
		if (strcmp(b->name, compat + strlen(FDT_BACKEND)))
			continue;
		if (!b->install())
			return;
		installed = b;
		init_hypervisor_cpu();
		trace(BOOT, PVTLB_BOOT_BACKEND_INSTALL, .late = late);
		return;
	}
	panic("/hypervisor: no such backend in this image", 0);
}

#else

void init_hypervisor_cpu(void)
{
}

static void install(int node, bool late)
{
	if (node >= 0 && !late)
		panic("/hypervisor: this image is built without CONFIG_PARAVIRT", 0);
}

#endif

void init_hypervisor_platform(void)
{
	install(fdt_path_offset(machine.fdt, FDT_HYPERVISOR), false);
}

void init_hypervisor_late(void)
{
	install(fdt_path_offset(machine.fdt, FDT_HYPERVISOR), true);
}
