/* SPDX-License-Identifier: GPL-2.0-only */
/* The services of the model CPU's ring 0, by their numbers (guest/include/asm/gate.h). */
#include <cpuid.h>
#include <string.h>

#include "explore/host/hosted.h"
#include "explore/host/switch.h"
#include "machine/mem.h"
#include "pv/stub.h"
#include "pvtlb/invlpgb.h"

#define CR3_NOFLUSH	   (1ull << 63)
#define CR3_PCID	   0xfffull
#define CPUID_PCID	   (1u << 17)
#define CPUID_EXT	   0x80000000u
#define CPUID_INVLPGB_LEAF 0x80000008u
#define CPUID_INVLPGB	   (1u << 3)
#define MAX_LEAVES	   16
#define NO_SUCH_CALL	   (-1000ll) /* -KVM_ENOSYS: no host's KVM is here */

enum service {
	STI,
	HLT,
	INVLPG,
	READ_CR3,
	WRITE_CR3,
	RDMSR,
	WRMSR,
	CPUID,
	VMCALL,
	VMMCALL,
	CALL,
	SET_CR4,
};

static void load_registers(struct hosted_cpu *cpu)
{
	cpu->vcpu->sregs.cr3 = cpu->now.cr3;
	cpu->vcpu->sregs.cr4 = cpu->now.cr4;
}

static void write_cr3(struct hosted_cpu *cpu, uint64_t value)
{
	bool keep = cpu->now.cr4 & X86_CR4_PCIDE && value & CR3_NOFLUSH;

	cpu->now.cr3 = value & ~CR3_NOFLUSH;
	load_registers(cpu);
	if (!(cpu->now.cr4 & X86_CR4_PCIDE))
		tlb_drop_all(&cpu->now.tlb);
	else if (!keep)
		tlb_drop_tag(&cpu->now.tlb, value & CR3_PCID);
}

static void cpuid(struct hosted *h, struct hosted_cpu *cpu, struct switch_frame *f)
{
	struct kvm_cpuid_entry2 leaf[MAX_LEAVES], found = { 0 };
	const struct hypervisor_ops *ops = h->machine.ops;
	uint32_t function = f->di;
	unsigned int nr = 0;

	if ((function & ~0xffu) == HYPERVISOR_LEAF && ops->cpuid)
		nr = ops->cpuid(cpu->vcpu, leaf, MAX_LEAVES);
	for (unsigned int i = 0; i < nr; i++)
		if (leaf[i].function == function)
			found = leaf[i];
	if (!function)
		found.eax = 1;
	else if (function == 1)
		found.ecx = h->pcid ? CPUID_PCID : 0;
	else if (function == CPUID_EXT)
		found.eax = CPUID_INVLPGB_LEAF;
	else if (function == CPUID_INVLPGB_LEAF && h->config.invlpgb)
		found = (struct kvm_cpuid_entry2){ .ebx = CPUID_INVLPGB, .edx = INVLPGB_COUNT_MAX };
	f->ax = found.eax;
	f->bx = found.ebx;
	f->cx = found.ecx;
	f->dx = found.edx;
}

static void msr(struct hosted *h, struct hosted_cpu *cpu, struct switch_frame *f, bool write)
{
	const struct hypervisor_ops *ops = h->machine.ops;
	uint64_t value = f->si;
	bool ok = write ? ops->wrmsr && ops->wrmsr(cpu->vcpu, f->di, value)
			: ops->rdmsr && ops->rdmsr(cpu->vcpu, f->di, &value);

	if (!ok)
		outcome_fail(&h->machine.outcome, STATUS_FAIL,
			     "CPU %u: MSR %#llx cannot be %s (#GP)", cpu->vcpu->id,
			     (unsigned long long)f->di, write ? "written so" : "read");
	f->ax = value;
}

/* Code in a hypercall page is not executed: it is a stub of ours, which comes out at once. */
static void call(struct hosted *h, struct hosted_cpu *cpu, struct switch_frame *f)
{
	const struct hypervisor_ops *ops = h->machine.ops;
	const uint8_t *code =
		guest_mem(&h->machine.mem, f->r11 - h->machine.mem.direct, HYPERCALL_STUB_BYTES);
	struct kvm_regs regs = {
		.rdi = f->di, .rsi = f->si, .rdx = f->dx, .rcx = f->cx, .r8 = f->r8, .r10 = f->r10
	};

	if (!code || !ops->hypercall) {
		outcome_fail(&h->machine.outcome, STATUS_FAIL,
			     "CPU %u: a call of %#llx, which is no hypercall page", cpu->vcpu->id,
			     (unsigned long long)f->r11);
		return;
	}
	regs.rax = hypercall_stub_rax(code, f->ax);
	f->ax = ops->hypercall(cpu->vcpu, &regs);
}

/* Turn the soft flag on and sleep, unless an interrupt is pending already. */
static void hlt(struct hosted *h, struct hosted_cpu *cpu)
{
	if (*(uint8_t *)hosted_percpu(cpu, h->symbol.irq_pending))
		return;
	*(uint8_t *)hosted_percpu(cpu, h->symbol.soft_irqs_on) = 1;
	cpu->now.if_on = true;
	cpu->step->irqs_on = 1;
	h->stopped = PVTLB_STEP_SPINS;
}

void hosted_gate(struct hosted *h, struct hosted_cpu *cpu, struct switch_frame *f)
{
	switch ((enum service)f->ax) {
	case STI:
		cpu->now.if_on = true;
		break;
	case HLT:
		hlt(h, cpu);
		break;
	case INVLPG:
		tlb_drop_page(&cpu->now.tlb, f->di);
		break;
	case READ_CR3:
		f->ax = cpu->now.cr3;
		break;
	case WRITE_CR3:
		write_cr3(cpu, f->di);
		break;
	case RDMSR:
	case WRMSR:
		msr(h, cpu, f, f->ax == WRMSR);
		break;
	case CPUID:
		cpuid(h, cpu, f);
		break;
	case VMCALL:
	case VMMCALL:
		f->ax = NO_SUCH_CALL;
		break;
	case CALL:
		call(h, cpu, f);
		break;
	case SET_CR4:
		cpu->now.cr4 |= f->di;
		load_registers(cpu);
		break;
	}
}
