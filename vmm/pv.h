/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's side of a backend: what a file under vmm/pv/ registers. */
#ifndef VMM_PV_H
#define VMM_PV_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* Which of the CPUs a flush is for does it interrupt? */
enum interrupts { INTERRUPTS_ALL, INTERRUPTS_NONE };

struct pv_provider {
	const char *name;     /* of the backend */
	const char *provider; /* who plays the hypervisor: "none", "vmm", "host" */
	bool paravirt;	      /* needs /hypervisor and an image with pv_ops */
	enum interrupts interrupts;
	const char *why; /* the reason for the key's expected value, one clause */

	/* Calls [call_first, call_first + nr_calls), checked and done: PVTLB_OK or -PVTLB_E*. */
	uint32_t call_first, nr_calls;
	int64_t (*call)(struct vcpu *vcpu, uint32_t nr, const void *payload, uint32_t len,
			uint64_t *result);

	/*
	 * Optional. The VMM holds the vCPU outside of guest mode, like a host that has preempted
	 * it, or lets it go on. On the vCPU's own thread and under a lock: it must not block.
	 */
	void (*parked)(struct vcpu *vcpu, bool parked);
};

#define PV_PROVIDER(ident, ...)                                                                    \
	static const struct pv_provider pv_provider_##ident                                        \
		__attribute__((used, section("pv_providers"), aligned(8))) = __VA_ARGS__

/* All of them, in the order of their names, native first. Returns NULL behind the last. */
const struct pv_provider *pv_provider_at(unsigned int i);
const struct pv_provider *pv_provider_named(const char *name);

#endif
