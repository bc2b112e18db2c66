/* SPDX-License-Identifier: GPL-2.0-only */
/* Traps that come to the VMM: a CPU at a breakpoint, or behind an instruction that was stepped. */
#include <string.h>

#include "kvm/kvm.h"
#include "machine/boot.h"
#include "machine/gva.h"
#include "machine/state.h"
#include "machine/trap.h"

#define STUB_STRIDE  32u
#define SELECTOR_RPL 3u
#define INSN_INT3    0xcc
#define X86_FLAGS_TF (1ull << 8)

static gva_t stub(uint8_t vector)
{
	return GVA_TRAP_CODE + vector * STUB_STRIDE;
}

/* movl $vector, GVA_TRAP_BELL: no register is touched. We never let it go on behind that. */
static void write_stub(uint8_t *code, uint8_t vector)
{
	const uint32_t bell = (uint32_t)GVA_TRAP_BELL, value = vector;

	code[0] = 0xc7;
	code[1] = 0x04;
	code[2] = 0x25;
	memcpy(code + 3, &bell, sizeof(bell));
	memcpy(code + 7, &value, sizeof(value));
}

static uint64_t with_trap_flag(uint64_t rflags, bool on)
{
	return on ? rflags | X86_FLAGS_TF : rflags & ~X86_FLAGS_TF;
}

void trap_step(struct vcpu *vcpu, bool on)
{
	const struct machine *m = vcpu->machine;
	uint64_t *saved = boot_saved_flags(&m->mem, &m->layout, vcpu->id);
	struct kvm_sregs sregs;
	struct kvm_regs regs;

	kvm_must(vcpu->fd, KVM_GET_REGS, &regs);
	kvm_must(vcpu->fd, KVM_GET_SREGS, &sregs);
	if (!(sregs.cs.selector & SELECTOR_RPL))
		*saved = with_trap_flag(*saved, on);
	else
		regs.rflags = with_trap_flag(regs.rflags, on);
	kvm_must(vcpu->fd, KVM_SET_REGS, &regs);
}

bool trap_may_be_due(const struct vcpu *vcpu)
{
	struct gva_space space = { .mem = vcpu->mem, .ring0 = true };
	struct kvm_sregs sregs;
	struct kvm_regs regs;
	uint8_t before;

	kvm_must(vcpu->fd, KVM_GET_REGS, &regs);
	kvm_must(vcpu->fd, KVM_GET_SREGS, &sregs);
	space.cr3 = sregs.cr3;
	return sregs.cs.selector & SELECTOR_RPL && gva_read(&space, regs.rip - 1, &before, 1) &&
	       before == INSN_INT3;
}

void trap_install(struct machine *m)
{
	static const uint8_t vectors[] = { TRAP_DB, TRAP_GP };
	gpa_t page = mem_alloc(&m->mem, PVTLB_PAGE_SIZE, PVTLB_PAGE_SIZE);
	uint8_t *code = mem_own(&m->mem, page, PVTLB_PAGE_SIZE);

	memset(code, 0xcc, PVTLB_PAGE_SIZE);
	for (size_t i = 0; i < sizeof(vectors); i++) {
		write_stub(code + vectors[i] * STUB_STRIDE, vectors[i]);
		boot_gate(&m->mem, &m->layout, vectors[i], stub(vectors[i]));
	}
	boot_map_ring0(&m->mem, &m->layout, GVA_TRAP_CODE, page, true);
	boot_map_ring0(&m->mem, &m->layout, GVA_TRAP_BELL, GPA_TRAP_BELL, false);
}

bool trap_rang(const struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	return run->exit_reason == KVM_EXIT_MMIO && run->mmio.phys_addr == GPA_TRAP_BELL &&
	       run->mmio.is_write && run->mmio.len == sizeof(uint32_t);
}

/* On the stack there is, from the top down: ss, rsp, rflags, cs, rip, and of #GP an error code. */
int trap_take(struct vcpu *vcpu, struct trap *trap)
{
	struct gva_space space = { .mem = vcpu->mem, .ring0 = true };
	uint64_t frame[5];
	gva_t at;

	vcpu_complete(vcpu);
	kvm_must(vcpu->fd, KVM_GET_REGS, &trap->regs);
	kvm_must(vcpu->fd, KVM_GET_SREGS, &trap->sregs);
	trap->vector = (trap->regs.rip - GVA_TRAP_CODE) / STUB_STRIDE;
	space.cr3 = trap->sregs.cr3;
	at = trap->regs.rsp + (trap->vector == TRAP_GP ? sizeof(uint64_t) : 0);
	if (trap->sregs.cs.selector & SELECTOR_RPL || trap->regs.rip < GVA_TRAP_CODE ||
	    trap->regs.rip >= GVA_TRAP_CODE + PVTLB_PAGE_SIZE ||
	    !gva_read(&space, at, frame, sizeof(frame)))
		return -1;
	trap->rip = frame[0];
	trap->cs = frame[1];
	trap->rflags = frame[2];
	trap->rsp = frame[3];
	return 0;
}

void trap_forward(struct vcpu *vcpu, const struct trap *trap)
{
	struct kvm_regs regs = trap->regs;

	regs.rip = vcpu->machine->image->desc.idt_stubs + trap->vector * PVTLB_IDT_STUB_STRIDE;
	kvm_must(vcpu->fd, KVM_SET_REGS, &regs);
}

void trap_undo(struct vcpu *vcpu, const struct trap *trap, bool step)
{
	struct kvm_regs regs = trap->regs;
	struct kvm_sregs sregs = trap->sregs;

	regs.rip = trap->rip;
	regs.rsp = trap->rsp;
	regs.rflags = with_trap_flag(trap->rflags, step);
	/* From ring 0 to ring 0 no segment has changed. */
	if (trap->cs & SELECTOR_RPL) {
		boot_ring3(&sregs);
		kvm_must(vcpu->fd, KVM_SET_SREGS, &sregs);
	}
	kvm_must(vcpu->fd, KVM_SET_REGS, &regs);
}

void trap_after_upcall(const struct vcpu *vcpu, const struct trap *trap)
{
	const struct gva_space space = { .mem = vcpu->mem, .cr3 = trap->sregs.cr3 };
	uint64_t flags;

	if (!gva_read(&space, trap->rsp, &flags, sizeof(flags)))
		return;
	flags = with_trap_flag(flags, true);
	gva_write(&space, trap->rsp, &flags, sizeof(flags));
}
