/* SPDX-License-Identifier: GPL-2.0-only */
/* pv_ops and how a PV backend gets into it. */
#ifndef _ASM_PARAVIRT_H
#define _ASM_PARAVIRT_H

#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/types.h>

struct flush_tlb_info;

#ifdef CONFIG_PARAVIRT

struct pv_mmu_ops {
	void (*flush_tlb_user)(void);
	void (*flush_tlb_one_user)(unsigned long addr);
	void (*flush_tlb_multi)(const struct cpumask *cpus, const struct flush_tlb_info *info);
	/* v4 of the series: what a backend believes of itself. Only --policy v4 believes it, too. */
	bool flush_tlb_multi_implies_ipi_broadcast;
};

struct paravirt_patch_template {
	struct pv_mmu_ops mmu;
};

extern struct paravirt_patch_template pv_ops;

/*
 * A backend. The device tree's /hypervisor picks one by its compatible, "pvtlb,NAME"; install
 * then puts its functions into pv_ops, or returns false when it finds it cannot be used.
 */
struct pv_backend {
	const char *name;
	bool (*install)(void);
};

#define PV_BACKEND(ident, ...)                                                                     \
	static const struct pv_backend pv_backend_##ident __used __aligned(8) __section(".pv_backends") =       \
		__VA_ARGS__

#endif

/* Find the backend /hypervisor asks for; install it now, unless the tree asks for later. */
void init_hypervisor_platform(void);
/* Where a backend that installs itself too late does so. */
void init_hypervisor_late(void);

static inline void native_pv_lock_init(void)
{
	/* No PV spinlocks here; Linux decides about them at this point of the boot. */
}

#endif
