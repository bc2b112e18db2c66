/* SPDX-License-Identifier: GPL-2.0-only */
/* Code for a hypercall page. */
#ifndef VMM_STUB_H
#define VMM_STUB_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Called at ring 0: exits to the VMM with the registers as they are, but r11, and returns with
 * the result in rax. With nr, rax holds that at the exit.
 */
#define HYPERCALL_STUB_BYTES 32u
void hypercall_stub(uint8_t code[HYPERCALL_STUB_BYTES], bool with_nr, uint32_t nr);
/* For who does not execute it: what rax is at that code's exit, when it was that before. */
uint64_t hypercall_stub_rax(const uint8_t code[HYPERCALL_STUB_BYTES], uint64_t was);

#endif
