/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the xen backend: its hypercalls as a function of guest memory. */
#ifndef VMM_PV_XEN_H
#define VMM_PV_XEN_H

#include "machine/gva.h"
#include "pvtlb/xen.h"

/*
 * What one hypercall may hold. Xen has no such limits: it comes back to a long call later
 * (hypercall_create_continuation()), which needs a guest that can be resumed in the middle.
 * More is -XEN_E2BIG, and nothing of it is done.
 */
#define XEN_MAX_CALLS 64u /* of a multicall; Linux's batch has 32 (MC_BATCH) */
#define XEN_MAX_OPS   64u /* of an mmuext_op */

/*
 * A call that was preempted and goes on; stolen from mmuext_op's count. Internal to Xen, so
 * not in its public headers: xen/arch/x86/include/asm/hypercall.h.
 */
#define MMU_UPDATE_PREEMPTED (1u << 31)

/* Who calls. Its tables are where its handles lead: they are guest-virtual addresses. */
struct xen_caller {
	struct gva_space space;
	unsigned int cpu;  /* its vCPU, by the hypervisor's number, as all here */
	unsigned int cpus; /* of the machine, numbered from 0; at most PVTLB_MAX_CPUS */
	/*
	 * Flush pages from start to end, ~0 for all, of these vCPUs: at least one, and none that
	 * the machine does not have. 0 or -XEN_E*.
	 */
	int64_t (*flush)(void *ctx, const struct pvtlb_cpuset *cpus, uint64_t start, uint64_t end);
	void *ctx;
};

/* Hypercall nr with its five arguments. Returns what rax is to be: 0 or -XEN_E*. */
int64_t xen_hypercall(const struct xen_caller *caller, uint64_t nr, const uint64_t args[5]);

/* What INVLPG_* do nothing about, and succeed: Xen's own addresses, and those that are none. */
bool xen_addr_ok(gva_t addr);

#endif
