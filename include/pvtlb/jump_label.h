/* SPDX-License-Identifier: GPL-2.0-only */
/* Static-branch sites as data: what the guest patches and the VMM reads back as evidence. */
#ifndef PVTLB_JUMP_LABEL_H
#define PVTLB_JUMP_LABEL_H

#include "pvtlb/types.h"

/*
 * One entry of the jump table. The branch is taken when key's enabled XOR likely is 1:
 * an unlikely site is a nop while its key is off, a likely site is a jmp while its key is off.
 * A site is 2 or 5 bytes long; its first byte tells which and what it is now.
 */
struct pvtlb_jump_entry {
	gva_t code;
	gva_t target;
	uint64_t key; /* address of the key; bit 0: the site is a likely one */
};
#define PVTLB_JUMP_LIKELY 1ull

#define PVTLB_INSN_MAX 5
#define PVTLB_JMP8     0xeb /* jmp rel8, 2 bytes */
#define PVTLB_JMP32    0xe9 /* jmp rel32, 5 bytes */
/* Recommended multi-byte nops, Intel SDM volume 2, NOP: the 2-byte and the 5-byte form. */
#define PVTLB_NOP2     0x66, 0x90
#define PVTLB_NOP5     0x0f, 0x1f, 0x44, 0x00, 0x00

#endif
