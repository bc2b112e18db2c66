/* SPDX-License-Identifier: GPL-2.0-only */
/* Real preemption of vCPUs: the host's KVM is made to find that their CPU was taken away. */
#ifndef VMM_PREEMPT_H
#define VMM_PREEMPT_H

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct vcpu;

/*
 * A vCPU that is to be held goes back into guest mode and spins there, while a real-time thread
 * on its host CPU waits for the moment to take that CPU: KVM tells the guest of a preemption
 * only if it was out of guest mode for an interrupt of the host's (at an instruction
 * boundary), not for an exit to us. Needs a host CPU for each vCPU, and the right to
 * SCHED_FIFO. 0, or -1: it cannot be had here.
 */
int preempt_create(struct machine *machine);
void preempt_destroy(struct machine *machine);

/*
 * flags: of the vCPU's steal-time area; parked: its cpu_status word. That is SPINS until KVM has
 * set KVM_VCPU_PREEMPTED in flags, then HELD as long as it is set. By the vCPU's own thread.
 */
void preempt_begin(struct vcpu *vcpu, const uint8_t *flags, uint32_t *parked);
/* The vCPU gets its CPU back. By any thread; the word is then the caller's. */
void preempt_end(struct vcpu *vcpu);

#endif
