/* SPDX-License-Identifier: GPL-2.0-only */
/* How vCPUs of a machine are held: where its guest, its backend and its KVM come in. */
#include "machine/holding.h"
#include "machine/state.h"

static uint32_t *shown(void *ctx, unsigned int cpu)
{
	return &machine_status(ctx, cpu)->held;
}

static void tell(void *ctx, unsigned int cpu, bool held)
{
	const struct machine *m = ctx;

	if (m->ops->held)
		m->ops->held(&m->vcpu[cpu], held);
}

static const uint8_t *flags(void *ctx, unsigned int cpu)
{
	const struct machine *m = ctx;
	const struct kvm_steal_time *area = vcpu_steal_time(&m->vcpu[cpu]);

	return area ? &area->preempted : NULL;
}

static const uint32_t *word(void *ctx, gpa_t gpa)
{
	const struct machine *m = ctx;

	return gpa % sizeof(uint32_t) ? NULL : guest_mem(&m->mem, gpa, sizeof(uint32_t));
}

const struct hold_ops machine_hold_ops = {
	.shown = shown,
	.tell = tell,
	.flags = flags,
	.word = word,
};
