/* SPDX-License-Identifier: GPL-2.0-only */
/* Ring-3 entry points: a secondary CPU's first instructions, and upcalls from ring 0. */
#include "asm/gate.h"

	.cfi_sections .debug_frame
	.text

/* Any CPU but the first. rdi: its number; its stack has the function to call on top. */
	.globl	secondary_startup
secondary_startup:
	xorl	%ebp, %ebp
	call	*(%rsp)
	ud2

/*
 * An upcall runs on the interrupted stack (no red zone is in use), with IF clear. It calls
 * handler, which says in al whether IF is to be set again, and then returns natively: what was
 * interrupted needs no gate, only IF does, and an interrupt may nest as soon as it is set.
 */
.macro UPCALL entry, rip, handler
	.globl	\entry
\entry:
	.cfi_startproc simple
	.cfi_signal_frame
	.cfi_def_cfa rsp, 0
	.cfi_undefined rip
	pushq	%gs:\rip
	pushfq
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbp
	movq	%rsp, %rbp
	/* For a debugger, from here to the pops: what was interrupted, and its registers. */
	.cfi_def_cfa rbp, 96
	.cfi_offset rip, -8
	.cfi_offset rax, -24
	.cfi_offset rcx, -32
	.cfi_offset rdx, -40
	.cfi_offset rsi, -48
	.cfi_offset rdi, -56
	.cfi_offset r8, -64
	.cfi_offset r9, -72
	.cfi_offset r10, -80
	.cfi_offset r11, -88
	.cfi_offset rbp, -96
	movq	%rsp, %rdi		/* struct upcall_frame, which handler may change */
	andq	$-16, %rsp
	cld
	call	\handler
	movq	%rbp, %rsp
	testb	%al, %al
	jz	1f
	movl	$GATE_STI, %eax
	call	gate_enter
1:	popq	%rbp
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	popfq
	ret
	.cfi_endproc
.endm

	UPCALL	irq_upcall, irq_rip, do_irq_upcall
	UPCALL	exc_upcall, exc_rip, do_exception

/* An entry of the exception table: a fault at insn goes on at probe_faulted. */
.macro PROBE insn:vararg
1:	\insn
	.pushsection __ex_table, "a"
	.balign	8
	.quad	1b, probe_faulted
	.popsection
.endm

/* int probe_load(u64 addr, u64 *value) and probe_store(u64 addr, u64 value): 0, or 1: fault. */
	.balign	16
	.globl	probe_load
probe_load:
	PROBE	movq (%rdi), %rax
	movq	%rax, (%rsi)
	xorl	%eax, %eax
	ret

	.balign	16
	.globl	probe_store
probe_store:
	PROBE	movq %rsi, (%rdi)
	xorl	%eax, %eax
	ret

probe_faulted:
	movl	$1, %eax
	ret

	.section .note.GNU-stack, "", @progbits
