/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tree's arch/x86/xen/mmu_pv.o and multicalls.o want, of which xen_flush_tlb_multi() and
 * what it calls are used. All else in them is never called: what that wants is not here.
 */
#include "shim.h"

#ifdef HAVE_XEN
#include <asm/x86_init.h>
#include <asm/xen/hypervisor.h>

/* xen_init_mmu_ops() leaves word there for a boot that is not this guest's. */
struct x86_init_ops x86_init;

/* The guest never begins a batch of changes to page tables: each flush is sent at once. */
#if SINCE(6, 7)
enum xen_lazy_mode xen_get_lazy_mode(void)
{
	return XEN_LAZY_NONE;
}
#else
enum paravirt_lazy_mode paravirt_get_lazy_mode(void)
{
	return PARAVIRT_LAZY_NONE;
}
#endif

extern void xen_init_mmu_ops(void);

/*
 * The tree's own xen_init_mmu_ops() fills all of pv_ops.mmu. Of that the flush of other CPUs
 * stays. The guest writes page tables and CR3 itself, and they are as the CPU reads them: there
 * are no machine frames, pinned tables or hypercalls for each of them.
 */
int k_install_xen(void)
{
	typeof(pv_ops.mmu) ours = pv_ops.mmu;

	xen_init_mmu_ops();
	ours.flush_tlb_multi = pv_ops.mmu.flush_tlb_multi;
	pv_ops.mmu = ours;
	return 1;
}
#else
int k_install_xen(void)
{
	return 0;
}
#endif

/* From hooks.S: xen_hypercall(), with the number and the arguments that were in registers. */
long k_xen_hypercall(word nr, const word args[5])
{
	return g_xen_hypercall(nr, args, THIS_HOOK->mask);
}
