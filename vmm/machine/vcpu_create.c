/* SPDX-License-Identifier: GPL-2.0-only */
/* Creating a vCPU: its CPUID, registers, local APIC and steal time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/shortage.h"
#include "kvm/host.h"
#include "kvm/kvm.h"
#include "kvm/roles.h"
#include "machine/boot.h"
#include "machine/hypervisor.h"
#include "machine/layout.h"
#include "machine/vcpu.h"
#include "machine/vcpu_create.h"
#include "pvtlb/invlpgb.h"

#define INVLPGB_LEAF 0x80000008u
#define INVLPGB_BIT  (1u << 3)
#define INVLPGB_NESTED_BIT (1u << 21)
#define SMEP_BIT     (1u << 7)
#define APIC_SPIV    0xf0
#define APIC_ENABLED 0x1ff

/* The backend's hypervisor leaves instead of KVM's. */
static void set_pv_cpuid(const struct vcpu *vcpu, const struct hypervisor_ops *ops,
			 struct kvm_cpuid2 *cpuid)
{
	unsigned int kept = 0;

	if (!ops->cpuid)
		return;
	for (unsigned int i = 0; i < cpuid->nent; i++)
		if ((cpuid->entries[i].function & ~0xffu) != HYPERVISOR_LEAF)
			cpuid->entries[kept++] = cpuid->entries[i];
	cpuid->nent = kept + ops->cpuid(vcpu, &cpuid->entries[kept], KVM_MAX_CPUID - kept);
}

static void set_cpuid(struct vcpu *vcpu, const struct vcpu_model *model)
{
	struct kvm_cpuid2 *cpuid = kvm_supported_cpuid(model->host->kvm);

	for (unsigned int i = 0; i < cpuid->nent; i++) {
		struct kvm_cpuid_entry2 *e = &cpuid->entries[i];

		switch (e->function) {
		case 1:
			e->ebx = (e->ebx & 0x00ffffff) | vcpu->id << 24;
			break;
		case 0xb:
		case 0x1f:
			e->edx = vcpu->id;
			break;
		case 7:
			/* Roles use it, whether this KVM advertises it or not. */
			if (!e->index && model->host->smep)
				e->ebx |= SMEP_BIT;
			break;
		case INVLPGB_LEAF:
			e->ebx &= ~(INVLPGB_BIT | INVLPGB_NESTED_BIT);
			if (model->invlpgb) {
				e->ebx |= INVLPGB_BIT;
				e->edx = (e->edx & ~0xffffu) | INVLPGB_COUNT_MAX;
			}
			break;
		}
	}
	set_pv_cpuid(vcpu, model->ops, cpuid);
	kvm_must(vcpu->fd, KVM_SET_CPUID2, cpuid);
	free(cpuid);
}

static void set_lapic(struct vcpu *vcpu)
{
	struct kvm_lapic_state lapic;
	uint32_t spiv = APIC_ENABLED;

	kvm_must(vcpu->fd, KVM_GET_LAPIC, &lapic);
	memcpy(lapic.regs + APIC_SPIV, &spiv, sizeof(spiv));
	kvm_must(vcpu->fd, KVM_SET_LAPIC, &lapic);
}

static void set_sregs(struct vcpu *vcpu, const struct vcpu_model *model)
{
	struct kvm_mp_state mp = { .mp_state = KVM_MP_STATE_RUNNABLE };
	struct kvm_sregs sregs;

	kvm_must(vcpu->fd, KVM_GET_SREGS, &sregs);
	boot_sregs(&sregs, model->layout, vcpu->id, mmu_role(model->host, vcpu->id, model->cpus));
	kvm_must(vcpu->fd, KVM_SET_SREGS, &sregs);
	kvm_must(vcpu->fd, KVM_SET_MP_STATE, &mp);
}

static int set_steal_time(struct vcpu *vcpu, const struct layout *layout, struct error *err)
{
	gpa_t gpa = layout->steal + vcpu->id * sizeof(struct kvm_steal_time);

	vcpu->steal = mem_own(vcpu->mem, gpa, sizeof(struct kvm_steal_time));
	if (!kvm_set_msr(vcpu->fd, MSR_KVM_STEAL_TIME, gpa | KVM_MSR_ENABLED))
		return fail(err, STATUS_SKIP,
			    "this KVM has no steal time, by which a vCPU's TLB is flushed");
	return 0;
}

int vcpu_create(struct vcpu *vcpu, const struct vcpu_model *model, struct error *err)
{
	vcpu->pin = model->pin;
	vcpu->fd = kvm_try(model->vm, KVM_CREATE_VCPU, vcpu->id);
	if (vcpu->fd < 0)
		return fail_errno(err, STATUS_SKIP, -vcpu->fd, "KVM_CREATE_VCPU %u", vcpu->id);
	vcpu->run_size = kvm_must(model->host->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu->run = mmap(NULL, vcpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED) {
		vcpu->run = NULL;
		return fail_errno(err, STATUS_FAIL, errno, "cannot map kvm_run");
	}
	set_cpuid(vcpu, model);
	set_lapic(vcpu);
	set_sregs(vcpu, model);
	return set_steal_time(vcpu, model->layout, err);
}
