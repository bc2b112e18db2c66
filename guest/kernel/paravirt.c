/* SPDX-License-Identifier: GPL-2.0-only */
/* The choice of a backend, and hypervisors by their CPUID leaves. */
#include <asm/gate.h>
#include <asm/paravirt.h>
#include <libfdt.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <pvtlb/fdt.h>

#ifdef CONFIG_PARAVIRT

extern const struct pv_backend __start_pv_backends[], __stop_pv_backends[];

static const struct pv_backend *installed;

void init_hypervisor_cpu(void)
{
	if (installed && installed->cpu_up)
		installed->cpu_up();
}

void fini_hypervisor_cpu(void)
{
	if (installed && installed->cpu_down)
		installed->cpu_down();
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

/* For an image whose mm has a pv_ops of its own. */
__weak void pv_ops_filled(void)
{
}

static void install(const void *fdt, bool late)
{
	int node = fdt_path_offset(fdt, FDT_HYPERVISOR);
	const struct pv_backend *b;
	const char *compat;

	if (node < 0 || late != !!fdt_getprop(fdt, node, FDT_LATE, NULL))
		return;
	compat = fdt_getprop(fdt, node, "compatible", NULL);
	if (!compat || strncmp(compat, FDT_BACKEND, strlen(FDT_BACKEND)))
		panic("/hypervisor: no compatible of ours", 0);
	for (b = __start_pv_backends; b < __stop_pv_backends; b++) {
		if (strcmp(b->name, compat + strlen(FDT_BACKEND)))
			continue;
		if (!b->install())
			return;
		installed = b;
		pv_ops_filled();
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

void fini_hypervisor_cpu(void)
{
}

static void install(const void *fdt, bool late)
{
	if (!late && fdt_path_offset(fdt, FDT_HYPERVISOR) >= 0)
		panic("/hypervisor: this image is built without CONFIG_PARAVIRT", 0);
}

#endif

void init_hypervisor_platform(const void *fdt)
{
	install(fdt, false);
}

void init_hypervisor_late(const void *fdt)
{
	install(fdt, true);
}
