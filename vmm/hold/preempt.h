/* SPDX-License-Identifier: GPL-2.0-only */
/* Real preemption of vCPUs: the host's KVM is made to find that their CPU was taken away. */
#ifndef VMM_PREEMPT_H
#define VMM_PREEMPT_H

#include <stdatomic.h>
#include <stdint.h>

struct preempter;

/*
 * A vCPU that is to be held goes back into guest mode and spins there, while a real-time thread
 * on its host CPU waits for the moment to take that CPU: KVM tells the guest of a preemption
 * only if it was out of guest mode for an interrupt of the host's (at an instruction
 * boundary), not for an exit to us. Takes a host CPU for each of so many vCPUs, to which they
 * are bound (base/pin.h), and the right to SCHED_FIFO. NULL: it cannot be had here. Nobody is
 * kept from running any more when *over.
 */
struct preempter *preempter_create(unsigned int cpus, const atomic_bool *over);
void preempter_destroy(struct preempter *all); /* may be NULL */

/*
 * flags: of the vCPU's steal-time area; shown: its cpu_status word. That is SPINS until KVM has
 * set KVM_VCPU_PREEMPTED in flags, then HELD as long as it is set. By the vCPU's own thread.
 */
void preempt_begin(struct preempter *all, unsigned int cpu, const uint8_t *flags, uint32_t *shown);
/* The vCPU gets its CPU back. By any thread; the word is then the caller's. */
void preempt_end(struct preempter *all, unsigned int cpu);

#endif
