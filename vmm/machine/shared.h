/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes of guest memory that the VMM changes while the guest's CPUs do so, too. */
#ifndef VMM_SHARED_H
#define VMM_SHARED_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* One such byte, and the vCPU on whose behalf it is looked at; at NULL: there is none. */
struct shared_byte {
	struct vcpu *vcpu;
	uint8_t *at;
};

/*
 * A backend's access goes through these, in total order with the guest's own. Before any of them a
 * host may take the thread away: what is right must not depend on two accesses following one another.
 * In a scenario with PVTLB_SCENARIO_SLOW_HOST the host does so: see shared_turn().
 */
uint8_t shared_load(const struct shared_byte *byte);
void shared_store(const struct shared_byte *byte, uint8_t value);
uint8_t shared_or(const struct shared_byte *byte, uint8_t bits);	/* the value before */
uint8_t shared_exchange(const struct shared_byte *byte, uint8_t value); /* the value before */

/*
 * The vCPU begins something new, a resume say. Where the host is slow, one access from here on
 * comes 2 ms late: the first one in the first turn, the second in the next, up to the fourth, and
 * over again. By the vCPU's own thread.
 */
void shared_turn(struct vcpu *vcpu);

#endif
