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

static const struct {
	uint32_t reason;
	const char *name;
} exit_names[] = {
	{ KVM_EXIT_UNKNOWN, "KVM_EXIT_UNKNOWN" },
	{ KVM_EXIT_EXCEPTION, "KVM_EXIT_EXCEPTION" },
	{ KVM_EXIT_HYPERCALL, "KVM_EXIT_HYPERCALL" },
	{ KVM_EXIT_DEBUG, "KVM_EXIT_DEBUG" },
	{ KVM_EXIT_HLT, "KVM_EXIT_HLT" },
	{ KVM_EXIT_INTR, "KVM_EXIT_INTR" },
	{ KVM_EXIT_TPR_ACCESS, "KVM_EXIT_TPR_ACCESS" },
	{ KVM_EXIT_SYSTEM_EVENT, "KVM_EXIT_SYSTEM_EVENT" },
	{ KVM_EXIT_IOAPIC_EOI, "KVM_EXIT_IOAPIC_EOI" },
	{ KVM_EXIT_HYPERV, "KVM_EXIT_HYPERV" },
	{ KVM_EXIT_XEN, "KVM_EXIT_XEN" },
};

/* All there is for a guest here is memory, the doorbell, its APIC and its hypervisor's MSRs. */
static void port_exit(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;
	bool out = run->io.direction == KVM_EXIT_IO_OUT;
	char at[128];

	vcpu_snapshot(vcpu);
	outcome_fail(vcpu->outcome, STATUS_FAIL,
		     "CPU %u: the guest has %s I/O port %#x, %u byte%s, at %s, ring %u: there is "
		     "nothing behind any port here",
		     vcpu->id, out ? "written to" : "read from", run->io.port, run->io.size,
		     run->io.size == 1 ? "" : "s",
		     image_symbolize(vcpu->machine->image, vcpu->regs.rip, at, sizeof(at)),
		     vcpu->sregs.cs.dpl);
}

static void other_exit(struct vcpu *vcpu)
{
	const char *name = "one without a name";
	char at[128];

	for (size_t i = 0; i < sizeof(exit_names) / sizeof(exit_names[0]); i++)
		if (exit_names[i].reason == vcpu->run->exit_reason)
			name = exit_names[i].name;
	vcpu_snapshot(vcpu);
	outcome_fail(vcpu->outcome, STATUS_FAIL,
		     "CPU %u: KVM has come back with exit reason %u, %s, which no guest here has a "
		     "use for, at %s, ring %u",
		     vcpu->id, vcpu->run->exit_reason, name,
		     image_symbolize(vcpu->machine->image, vcpu->regs.rip, at, sizeof(at)),
		     vcpu->sregs.cs.dpl);
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
	case KVM_EXIT_IO:
		port_exit(vcpu);
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
	other_exit(vcpu);
}
