/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes of guest memory that the VMM changes while the guest's CPUs do so, too. */
#include <unistd.h>

#include "machine/shared.h"
#include "machine/state.h"

#define ACCESSES 4 /* of a turn that may be the late one */
#define LATE_US	 2000

void shared_turn(struct vcpu *vcpu)
{
	vcpu->shared_late = vcpu->shared_turns++ % ACCESSES + 1;
}

static uint8_t *reach(const struct shared_byte *byte)
{
	struct vcpu *vcpu = byte->vcpu;

	if (vcpu->machine->slow_host && vcpu->shared_late && !--vcpu->shared_late)
		usleep(LATE_US);
	return byte->at;
}

uint8_t shared_load(const struct shared_byte *byte)
{
	return __atomic_load_n(reach(byte), __ATOMIC_SEQ_CST);
}

void shared_store(const struct shared_byte *byte, uint8_t value)
{
	__atomic_store_n(reach(byte), value, __ATOMIC_SEQ_CST);
}

uint8_t shared_or(const struct shared_byte *byte, uint8_t bits)
{
	return __atomic_fetch_or(reach(byte), bits, __ATOMIC_SEQ_CST);
}

uint8_t shared_exchange(const struct shared_byte *byte, uint8_t value)
{
	return __atomic_exchange_n(reach(byte), value, __ATOMIC_SEQ_CST);
}
