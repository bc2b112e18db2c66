/* SPDX-License-Identifier: GPL-2.0-only */
/* pv_ops and how a PV backend gets into it. */
#ifndef _ASM_PARAVIRT_H
#define _ASM_PARAVIRT_H

#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/types.h>
#include <pvtlb/event.h>

struct flush_tlb_info;

#ifdef CONFIG_PARAVIRT

struct pv_mmu_ops {
	void (*flush_tlb_user)(void);
	void (*flush_tlb_one_user)(unsigned long addr);
	void (*flush_tlb_multi)(const struct cpumask *cpus, const struct flush_tlb_info *info);
	/* v4 of the series: what a backend declares of itself; only policies/declared.c believes it. */
	bool flush_tlb_multi_implies_ipi_broadcast;
};

struct paravirt_patch_template {
	struct pv_mmu_ops mmu;
};

/* Native until a backend installs itself; beside the native functions (mm/tlb.c). */
extern struct paravirt_patch_template pv_ops;

/*
 * A backend. The device tree's /hypervisor picks one by its compatible, "pvtlb,NAME"; install
 * then puts its functions into pv_ops. It returns false when it finds it cannot be used, and
 * refuse() says why: flushes stay native.
 */
struct pv_backend {
	const char *name;
	bool (*install)(void);
	/* On each CPU, the boot CPU included, before it can be told of a flush; may be NULL. */
	void (*cpu_up)(void);
	/* On a CPU that goes offline, while it can still be told of flushes; may be NULL. */
	void (*cpu_down)(void);
};

#define PV_BACKEND(ident, ...)                                                                     \
	static const struct pv_backend pv_backend_##ident __used __aligned(8) __section(".pv_backends") =       \
		__VA_ARGS__

/* An install() has put its functions there, and returned true. */
void pv_ops_filled(void);

/* For an install() to return. */
bool refuse(enum pvtlb_refused why);

#endif

/* Find the backend /hypervisor asks for; install it now, unless the tree asks for later. */
void init_hypervisor_platform(const void *fdt);
/* Where a backend that installs itself too late does so. */
void init_hypervisor_late(const void *fdt);
/* On a CPU that comes up: the installed backend's part. */
void init_hypervisor_cpu(void);
/* On one that goes. */
void fini_hypervisor_cpu(void);

/*
 * Find a hypervisor by the signature in its CPUID leaves (12 bytes): the number of the first
 * of them, 0x40000000 or a multiple of 0x100 behind it, or 0.
 */
u32 hypervisor_cpuid_base(const char *signature, u32 leaves);

static inline void native_pv_lock_init(void)
{
	/* No PV spinlocks here; Linux decides about them at this point of the boot. */
}

#endif
