/* SPDX-License-Identifier: GPL-2.0-only */
/* The doorbell: taking a call, checking it, doing it. */
#ifndef VMM_CALL_H
#define VMM_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/call.h"
#include "pvtlb/event.h"

struct vcpu;

/* Handle an MMIO exit: a ring of the doorbell, or a mistake that ends the run. */
void call_mmio(struct vcpu *vcpu);
/* The vCPU has rung the doorbell with that number: do the call in its block. */
void call_rung(struct vcpu *vcpu, uint32_t rung);

/*
 * Checks of what the guest wrote; they look at a private copy and change nothing. Each returns
 * PVTLB_OK or -PVTLB_E*.
 */

/* The header of a call that was rung with the number rung. */
int64_t call_check(const struct pvtlb_call_block *copy, uint32_t rung);
/* A CPU_ON payload of len bytes for a machine of cpus CPUs. */
int64_t call_check_cpu_on(const void *payload, uint32_t len, unsigned int cpus,
			  struct pvtlb_cpu_on *on);

/*
 * A TRACEPOINT payload of len bytes that CPU cpu, of so many, of an image with so many sources,
 * has passed in.
 */
int64_t call_check_tracepoint(const void *payload, uint32_t len, unsigned int cpu,
			      unsigned int cpus, uint32_t nr_sources, struct pvtlb_event *event);

#endif
