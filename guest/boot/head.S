/* SPDX-License-Identifier: GPL-2.0-only */
/* The first instructions of the boot CPU. */
#include "asm/stack.h"

	.text

/* rdi: the device tree. */
	.globl	startup
startup:
	movq	$init_stack + STACK_SIZE, %rsp
	xorl	%ebp, %ebp
	call	start_kernel
	ud2

	.section .note.GNU-stack, "", @progbits
