/* SPDX-License-Identifier: GPL-2.0-only */
/* Into ring 0: registers as asm/gate.h says. */
	.cfi_sections .debug_frame
	.text

	.balign	16
	.globl	gate_enter
gate_enter:
	.cfi_startproc
	int3
	ret
	.cfi_endproc
	.balign	16

	.section .note.GNU-stack, "", @progbits
