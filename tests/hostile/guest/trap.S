/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions that are passed over: the instruction, taken to be of two bytes, is left out. */
	.section .ring0, "ax"

/* Stack: error code, rip, cs, rflags, rsp, ss. */
	.globl	skip_with_code
skip_with_code:
	addq	$8, %rsp
	.globl	skip_without_code
skip_without_code:
	addq	$2, (%rsp)
	iretq

/* What came and is to go again: an NMI, say. */
	.globl	skip_nothing
skip_nothing:
	iretq

	.section .note.GNU-stack, "", @progbits
