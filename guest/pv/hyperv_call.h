/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding Hyper-V, and calling it: whoever fills in what is asked (pvtlb/hyperv.h). */
#ifndef GUEST_PV_HYPERV_CALL_H
#define GUEST_PV_HYPERV_CALL_H

#include <asm/paravirt.h>
#include <linux/types.h>
#include <pvtlb/event.h>

#define VP_BANKS 4u /* as many as CPU numbers take; a VP number may be any */

/* What is against remote flushes by hypercall; 0: nothing, and *hints is leaf 4's eax. */
enum pvtlb_refused hyperv_objection(u32 *hints);
/* True: hyperv_call() can be used. */
bool hyperv_enable_page(void);
/* This CPU's number. */
u32 hyperv_vp_index(void);

/* The CPUs that the flush call with this input value and page is for. */
struct pvtlb_cpuset hyperv_asked_cpus(u64 control, const void *input);
/* Returns the result value. Events, by source: what is asked, where a list begins; HYPERCALL. */
u64 hyperv_call(const struct pvtlb_source *source, u64 control, const void *input);

#endif
