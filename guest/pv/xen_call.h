/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen as a guest finds it and calls it, whoever makes up what is asked. */
#ifndef GUEST_PV_XEN_CALL_H
#define GUEST_PV_XEN_CALL_H

#include <asm/paravirt.h>
#include <linux/types.h>
#include <pvtlb/xen.h>

/* Find it by its CPUID leaves, and have it fill the hypercall page. What is against it; 0: nothing.
 */
enum pvtlb_refused xen_connect(void);

/* On each CPU, behind xen_connect(): its number goes into vcpu_nr[]. */
void xen_cpu_up(void);

/* By the page. Returns what Xen does: 0 or -XEN_E*. */
s64 xen_hypercall(u64 nr, const u64 args[5]);

/* Before a flush of the vCPUs in its mask is asked for: what is asked, as it stands in memory. */
void xen_trace_ask(const struct pvtlb_source *source, const struct mmuext_op *op);

#endif
