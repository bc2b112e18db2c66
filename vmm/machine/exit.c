/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done about the exits of a machine's vCPUs. */
#include "machine/call.h"
#include "machine/exit.h"
#include "machine/state.h"
#include "machine/stops.h"

static void shutdown_exit(struct vcpu *vcpu)
{
	char at[128];

	vcpu_snapshot(vcpu);
	outcome_fail(vcpu->outcome, STATUS_FAIL,
		     "CPU %u: triple fault: an exception could not be delivered; last at %s, ring "
		     "%u, CR2 %#llx, CR3 %#llx",
		     vcpu->id,
		     image_symbolize(vcpu->machine->image, vcpu->regs.rip, at, sizeof(at)),
		     vcpu->sregs.cs.dpl, vcpu->sregs.cr2, vcpu->sregs.cr3);
}

static void internal_error_exit(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;
	char at[128];

	vcpu_snapshot(vcpu);
	outcome_fail(vcpu->outcome, STATUS_FAIL,
		     "CPU %u: KVM_EXIT_INTERNAL_ERROR, suberror %u%s, at %s, ring %u", vcpu->id,
		     run->internal.suberror,
		     run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION
			     ? " (an instruction this KVM cannot emulate)"
			     : "",
		     image_symbolize(vcpu->machine->image, vcpu->regs.rip, at, sizeof(at)),
		     vcpu->sregs.cs.dpl);
}

/* A hypervisor MSR: the backend's, or #GP. */
static void msr_exit(struct vcpu *vcpu, bool write)
{
	const struct hypervisor_ops *ops = vcpu->machine->ops;
	struct kvm_run *run = vcpu->run;
	uint32_t range = run->msr.index & ~0xffu;
	uint64_t value = run->msr.data;

	run->msr.error = 1;
	if (range != HYPERVISOR_MSRS && range != HYPERVISOR_KVM_MSRS)
		return;
	if (write && ops->wrmsr)
		run->msr.error = !ops->wrmsr(vcpu, run->msr.index, value);
	if (!write && ops->rdmsr)
		run->msr.error = !ops->rdmsr(vcpu, run->msr.index, &value);
	if (!write)
		run->msr.data = value;
}

void exit_handle(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		if (!vcpu->machine->stops || !stops_trapped(vcpu))
			call_mmio(vcpu);
		return;
	case KVM_EXIT_X86_WRMSR:
	case KVM_EXIT_X86_RDMSR:
		msr_exit(vcpu, run->exit_reason == KVM_EXIT_X86_WRMSR);
		return;
	case KVM_EXIT_SHUTDOWN:
		shutdown_exit(vcpu);
		return;
	case KVM_EXIT_INTERNAL_ERROR:
		internal_error_exit(vcpu);
		return;
	case KVM_EXIT_FAIL_ENTRY:
		outcome_fail(vcpu->outcome, STATUS_FAIL,
			     "CPU %u: KVM_EXIT_FAIL_ENTRY, reason %#llx", vcpu->id,
			     run->fail_entry.hardware_entry_failure_reason);
		return;
	}
	outcome_fail(vcpu->outcome, STATUS_FAIL, "CPU %u: unknown exit reason %u from KVM",
		     vcpu->id, run->exit_reason);
}
