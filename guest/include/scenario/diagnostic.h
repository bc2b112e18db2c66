/* SPDX-License-Identifier: GPL-2.0-only */
/* For diagnostics only: measuring the host, calling it wrongly, going wrong as a VMM must survive.
 */
#ifndef GUEST_SCENARIO_DIAGNOSTIC_H
#define GUEST_SCENARIO_DIAGNOSTIC_H

#include <linux/types.h>

/* Cycles that a trip into ring 0 takes, and 1000 turns of a loop here; least of many. */
void scn_measure_ring0(void);

/* A hypercall of the host's own KVM; number and result are in an event. -PVTLB_ENOSYS: none. */
void scn_host_call(u64 nr);

/* A call to the VMM; number and status are in an event. */
void scn_call(u32 nr, const void *payload, u32 len);

void scn_spin_forever(void);
void scn_irqs_off(void);
void scn_triple_fault(void);

#endif
