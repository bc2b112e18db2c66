/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the host's stack and those of the guest's CPUs, all in one thread. The guest comes out
 * where functions of its image have been replaced by a jump to switch_exits[].
 */
#ifndef VMM_EXPLORE_SWITCH_H
#define VMM_EXPLORE_SWITCH_H

#include <stdint.h>

/* S(name of the function in the image): called there, done here. */
#define SWITCH_EXITS(S)                                                                            \
	S(gate_enter)                                                                              \
	S(mmio_write32)                                                                            \
	S(probe_load)                                                                              \
	S(probe_store) S(page_clear) S(page_mark) S(memory_load) S(memory_store) S(memory_barrier)

enum switch_exit {
#define S(name) SWITCH_##name,
	SWITCH_EXITS(S)
#undef S
		SWITCH_EXITS_NR,
};
/* These are, and up to here: the rest stay what they are where memory is memory. */
#define SWITCH_EXITS_SC SWITCH_memory_load
extern const char *const switch_exit_names[SWITCH_EXITS_NR];
extern const void *const switch_exits[SWITCH_EXITS_NR];

/* What a CPU that is out has on its stack: its registers, and where it returns to. */
struct switch_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, bp, di, si, dx, cx, bx, ax;
	uint64_t flags, exit, ip;
};

/* Run a CPU from there, with that stack, till it comes out: where its frame is. */
struct switch_frame *switch_to(uint64_t sp, uint64_t ip);
/* Where a CPU goes on whose stack has a frame. */
uint64_t switch_resume(void);

/* GS base, of which the guest's per-CPU data is relative. */
void switch_gs(uint64_t base);

#endif
