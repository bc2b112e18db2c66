/* SPDX-License-Identifier: GPL-2.0-only */
/* All of ring 0: interrupt and exception stubs, and the service gate. */
#include "asm/gate.h"

/*
 * Ring 0 runs no C. An interrupt or exception from ring 3 has its frame turned so that iretq
 * "returns" to a ring-3 upcall with IF clear; the place that was interrupted is left in per-CPU
 * data for the upcall, which goes back there by itself (kernel/upcall.S). On a host that
 * interprets ring 0 every instruction here is dear, so paths are short and use plain moves.
 * These pages are mapped for ring 0 only: SMEP may be on.
 */
	.cfi_sections .debug_frame
	.section .ring0, "ax"

	.balign 16
	.globl	idt_stubs
idt_stubs:
	.set	vec, 0
	.rept	256
	.balign	16	/* PVTLB_IDT_STUB_STRIDE */
	.if	vec == 3
	jmp	gate_entry
	.elseif	vec < 32
	.if	!(vec == 8 || (vec >= 10 && vec <= 14) || vec == 17 || vec == 21 || vec >= 29)
	pushq	$0
	.endif
	movb	$vec, %gs:exc_vector
	jmp	exc_entry
	.else
	movb	$vec, %gs:irq_vector
	jmp	irq_entry
	.endif
	.set	vec, vec + 1
	.endr

/*
 * Stack: rip, cs, rflags, rsp, ss. IF was set, or we would not be here; but an emulated SVM
 * delivers an interrupt a second time now and then, right after the first (docs/hosts.md).
 */
irq_entry:
	testl	$0x200, 16(%rsp)
	jz	irq_again
	testb	$3, 8(%rsp)
	jz	irq_at_hlt
irq_turn:
	popq	%gs:irq_rip
	pushq	8(%rsp)
	popq	%gs:irq_flags
	pushq	$irq_upcall
	andl	$~0x300, 16(%rsp)
	iretq
irq_at_hlt:
	/* Ring 0 takes interrupts at gate_HLT only: go on as if its int3 had been interrupted. */
	movq	24(%rsp), %rsp
	jmp	irq_turn
irq_again:
	incl	%gs:irq_repeats
	iretq

/* Stack: error code, rip, cs, rflags, rsp, ss. */
exc_entry:
	popq	%gs:exc_error
	popq	%gs:exc_rip
	pushq	8(%rsp)
	popq	%gs:exc_flags
	testb	$3, (%rsp)
	jz	exc_in_ring0
exc_turn:
	pushq	%rax
	movq	%cr2, %rax
	movq	%rax, %gs:exc_cr2
	popq	%rax
	pushq	$exc_upcall
	andl	$~0x300, 16(%rsp)
	iretq
exc_in_ring0:
	/* Fatal. Report it from ring 3, on a fresh stack. Stack: cs, rflags, rsp, ss. */
	movb	$1, %gs:exc_ring0
	movq	$0x33, (%rsp)
	movq	$0x2b, 24(%rsp)
	movq	%gs:stack_top, %rax
	movq	%rax, 16(%rsp)
	jmp	exc_turn

/* Service number in rax, arguments in rdi and rsi, result in rax; may use rcx and rdx. */
gate_entry:
	/* For a debugger: who called is in the frame that int3 has pushed. */
	.cfi_startproc simple
	.cfi_signal_frame
	.cfi_def_cfa rsp, 40
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
	jmp	*gate_table(,%rax,8)

gate_STI:
	orl	$0x200, 16(%rsp)
	iretq

/* Turn the soft flag on and sleep, unless an interrupt is already pending: no wake-up is lost. */
gate_HLT:
	cmpb	$0, %gs:irq_pending
	jne	1f
	movb	$1, %gs:soft_irqs_on
	sti
	hlt
	cli
1:	iretq

gate_INVLPG:
	invlpg	(%rdi)
	iretq

gate_READ_CR3:
	movq	%cr3, %rax
	iretq

gate_WRITE_CR3:
	movq	%rdi, %cr3
	iretq

gate_RDMSR:
	movl	%edi, %ecx
	rdmsr
	shlq	$32, %rdx
	orq	%rdx, %rax
	iretq

gate_WRMSR:
	movl	%edi, %ecx
	movl	%esi, %eax
	movq	%rsi, %rdx
	shrq	$32, %rdx
	wrmsr
	iretq

/* Also uses rbx: see gate_cpuid(). */
gate_CPUID:
	movl	%edi, %eax
	movl	%esi, %ecx
	cpuid
	iretq

/* The number in rdi, the other registers as the host's ABI wants them. */
gate_VMCALL:
	movq	%rdi, %rax
	vmcall
	iretq

gate_VMMCALL:
	movq	%rdi, %rax
	vmmcall
	iretq

/* Code in the hypercall page, its address in r11; see gate_call(). */
gate_CALL:
	call	*%r11
	iretq

/* Bits to be set. */
gate_SET_CR4:
	movq	%cr4, %rax
	orq	%rdi, %rax
	movq	%rax, %cr4
	iretq
	.cfi_endproc

	.balign	8
gate_table:
#define G(name) .quad gate_##name;
	GATE_SERVICES(G)
#undef G

	/* Filled by the hypervisor that the guest tells of it. */
	.balign	4096
	.globl	hypercall_page
hypercall_page:
	.fill	4096, 1, 0xcc

	.section .note.GNU-stack, "", @progbits
