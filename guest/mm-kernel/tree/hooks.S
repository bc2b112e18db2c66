/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the tree's objects and the shim's C: pv_ops' callee-save functions, __fentry__, steps. */

/* What C may change, but for rax. */
.macro SAVE
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
.endm
.macro RESTORE
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
.endm
.macro CALL_ALIGNED func:vararg
	push	%rbp
	mov	%rsp, %rbp
	and	$-16, %rsp
	call	\func
	mov	%rbp, %rsp
	pop	%rbp
.endm

#define WALK_WANTED 1
#define WALK_GOES   2
#define WALK_ENDS   3

	.text

/* make_pte() and the like: a value is what it is. */
	.globl	k_ident
k_ident:
	mov	%rdi, %rax
	ret

/* The interrupt flag is the guest's soft one: RFLAGS.IF is what save_fl is asked about. */
	.globl	k_save_fl
k_save_fl:
	xor	%eax, %eax
	cmpb	$0, %gs:soft_irqs_on
	je	1f
	mov	$0x200, %eax
1:	ret

/* Of a tree without PARAVIRT_XXL (ring0.sed): RFLAGS, CR3 as they are on the stack. */
	.globl	k_pushed, k_cr3_write, k_cr3_read
k_pushed:
	cmpb	$0, %gs:soft_irqs_on
	jne	1f
	andl	$~0x200, 8(%rsp)
1:	ret
k_cr3_write:
	push	%rax
	mov	16(%rsp), %rax
	SAVE
	mov	%rax, %rdi
	CALL_ALIGNED hw_write_cr3
	RESTORE
	pop	%rax
	ret
k_cr3_read:
	push	%rax
	SAVE
	CALL_ALIGNED hw_read_cr3
	RESTORE
	mov	%rax, 16(%rsp)
	pop	%rax
	ret

	.globl	k_irq_disable
k_irq_disable:
	movb	$0, %gs:soft_irqs_on
	cmpl	$WALK_WANTED, %gs:hook
	je	1f
	ret
1:	push	%rax
	SAVE
	CALL_ALIGNED k_walk_begin
	RESTORE
	pop	%rax
	pushfq
	orl	$0x100, (%rsp)		/* TF: from the instruction behind the next one on */
	popfq
	ret

	.globl	k_irq_enable
k_irq_enable:
	cmpl	$WALK_GOES, %gs:hook
	je	2f
1:	cmpb	$0, %gs:soft_irqs_on
	je	4f
	incl	%gs:irqs_on_twice
4:	movb	$1, %gs:soft_irqs_on
	cmpb	$0, %gs:irq_pending
	jne	3f
	ret
2:	movl	$WALK_ENDS, %gs:hook	/* k_step() lets go */
	push	%rax
	SAVE
	CALL_ALIGNED k_walk_end
	RESTORE
	pop	%rax
	jmp	1b
3:	push	%rax
	SAVE
	CALL_ALIGNED *irq_replay
	RESTORE
	pop	%rax
	ret

/*
 * kvm_flush_tlb_multi()'s exchange, moved here from its place, and told of before it is done: the
 * two instructions are written by preempted.c.
 */
	.globl	k_exchange, k_exchange_lea, k_exchange_insn
k_exchange:
	pushfq
	push	%rax
k_exchange_lea:
	.skip	16, 0x90		/* lea, of what is exchanged, to rax */
	SAVE
	mov	%rax, %rdi
	CALL_ALIGNED k_found_preempted
	RESTORE
	pop	%rax
	popfq
k_exchange_insn:
	.skip	16, 0x90		/* lock cmpxchg */
	ret

/* The first thing in a function: at 0(%rsp) the place in it, at 8(%rsp) its caller. */
	.globl	__fentry__
__fentry__:
	push	%rax
	push	%r10
	push	%r11
	push	%r9
	push	%r8
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi			/* r[] of k_enter() begins here */
	mov	72(%rsp), %rdi
	mov	%rsp, %rsi
	lea	80(%rsp), %rdx
	CALL_ALIGNED k_enter
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%r8
	pop	%r9
	pop	%r11
	pop	%r10
	pop	%rax
	ret

/* In the place of a caller: what was returned stays. */
	.globl	k_return
k_return:
	push	%rax			/* room for the address */
	push	%rax
	push	%rdx
	CALL_ALIGNED k_leave
	mov	%rax, 16(%rsp)
	pop	%rdx
	pop	%rax
	ret

/*
 * An instruction of a walk is done; ring 0 and do_exception() have left where, and RFLAGS, and IF
 * clear. Back by iretq, so that the next one is stepped, too, and not the return.
 */
	.globl	k_step_entry
k_step_entry:
	mov	%rsp, %gs:step_rsp
	pushq	%gs:debug_rip
	pushq	%gs:debug_flags
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rdi
	push	%rsi
	push	%rbp
	pushq	%gs:step_rsp
	push	%rbx
	push	%rdx
	push	%rcx
	push	%rax
	mov	%rsp, %rdi		/* struct step_regs */
	cld
	CALL_ALIGNED k_step
	shl	$8, %eax
	mov	128(%rsp), %rcx
	mov	%rcx, %rdx
	and	$~0x100, %rcx
	or	%rax, %rcx
	mov	%rcx, 128(%rsp)
	test	$0x200, %edx
	jz	1f
	xor	%eax, %eax		/* GATE_STI */
	int3
1:	pop	%rax
	pop	%rcx
	pop	%rdx
	pop	%rbx
	popq	%gs:step_rsp
	pop	%rbp
	pop	%rsi
	pop	%rdi
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	/* 0(%rsp) flags, 8(%rsp) rip; ss, rsp, flags, cs, rip is what iretq takes */
	pushq	$0x2b
	pushq	%gs:step_rsp
	pushq	16(%rsp)
	pushq	$0x33
	pushq	40(%rsp)
	iretq

/* In the place of Hyper-V's page: control in rcx, the input's gpa in rdx; rax is the result. */
	.globl	k_hypercall_page
k_hypercall_page:
	SAVE
	mov	%rcx, %rdi
	mov	%rdx, %rsi
	CALL_ALIGNED k_hypercall
	RESTORE
	ret

/* A backend of the model's in pv_ops: hooked as the tree's are. */
	.globl	k_model_flush_tlb_multi
k_model_flush_tlb_multi:
	call	__fentry__
	jmp	k_flush_by_model
	.pushsection __mcount_loc, "a"
	.quad	k_model_flush_tlb_multi
	.popsection

/*
 * The tree's calls to Xen: number in rax, arguments in rdi, rsi, rdx, r10, r8, the answer in rax.
 * A static call; in a tree of before it (early 2025) a page with a place for each number.
 */
	.globl	__SCT__xen_hypercall
__SCT__xen_hypercall:
	SAVE
	push	%r8
	push	%r10
	push	%rdx
	push	%rsi
	push	%rdi			/* args[] of k_xen_hypercall() begins here */
	mov	%rax, %rdi
	mov	%rsp, %rsi
	CALL_ALIGNED k_xen_hypercall
	add	$40, %rsp
	RESTORE
	ret

	.balign	4096
	.globl	hypercall_page
hypercall_page:
	.set	nr, 0
	.rept	128
	mov	$nr, %eax
	jmp	__SCT__xen_hypercall
	.balign	32
	.set	nr, nr + 1
	.endr

/* Indirect calls and returns as the tree's compiler has them with mitigations. */
	.globl	__x86_return_thunk
__x86_return_thunk:
	ret
	int3
.irp reg, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	.globl	__x86_indirect_thunk_\reg
__x86_indirect_thunk_\reg:
	jmp	*%\reg
.endr

	.section .data..percpu, "aw"
	.balign	8
step_rsp:
	.quad	0

	.section .note.GNU-stack, "", @progbits
