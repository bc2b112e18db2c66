/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU's steal-time area, whoever keeps it: the backend of the VMM's own, or KVM. */
#include <asm/kvm_para.h>
#include <stddef.h>

#include "explore/parked.h"
#include "machine/hypervisor.h"
#include "machine/state.h"

uint64_t parked_word(struct vcpu *vcpu)
{
	const struct machine *m = vcpu->machine;
	uint64_t at = 0;

	if (!m->ops->held)
		return 0;
	if (m->ops->rdmsr) {
		if (!m->ops->rdmsr(vcpu, MSR_KVM_STEAL_TIME, &at) || !(at & KVM_MSR_ENABLED))
			return 0;
		at &= KVM_STEAL_VALID_BITS;
	} else {
		const void *area = vcpu_steal_time(vcpu);

		if (!area)
			return 0;
		at = (uint64_t)((const uint8_t *)area - m->mem.host);
	}
	return (at + offsetof(struct kvm_steal_time, preempted)) & ~7ull;
}

void park_vcpu(struct vcpu *vcpu)
{
	struct machine *m = vcpu->machine;

	event_log_append(&m->log, vcpu->id, HELD, .at = machine_sequence(m));
	m->ops->held(vcpu, true);
}

void unpark_vcpu(struct vcpu *vcpu)
{
	struct machine *m = vcpu->machine;

	m->ops->held(vcpu, false);
	event_log_append(&m->log, vcpu->id, RESUMED, .by = machine_sequence(m));
}
