/* SPDX-License-Identifier: GPL-2.0-only */
/* Creating a vCPU: its CPUID, registers, local APIC and steal time. */
#ifndef VMM_VCPU_CREATE_H
#define VMM_VCPU_CREATE_H

#include <stdbool.h>

#include "base/error.h"

struct host;
struct hypervisor_ops;
struct layout;
struct vcpu;

/* What the vCPUs of a machine have in common. */
struct vcpu_model {
	const struct host *host;
	const struct layout *layout;
	const struct hypervisor_ops *ops; /* the backend's */
	int vm;
	unsigned int cpus; /* how many there are */
	bool invlpgb;	   /* shown in CPUID */
	bool pin;
};

/* Give a vCPU that vcpu_init() was called for its KVM part. 0, or -1 with err. */
int vcpu_create(struct vcpu *vcpu, const struct vcpu_model *model, struct error *err);

#endif
