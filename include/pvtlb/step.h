/* SPDX-License-Identifier: GPL-2.0-only */
/* Stepped mode: what a CPU of the guest shares with whoever runs it from point to point. */
#ifndef PVTLB_STEP_H
#define PVTLB_STEP_H

#include "pvtlb/types.h"

/*
 * A point is the place before an access to memory that CPUs share. A CPU in stepped mode stops at
 * its point number `until`, counted from 0, and has then not made that access. Where each CPU's
 * struct is the device tree says; without that the guest is not in stepped mode.
 */
enum pvtlb_step_kind {
	PVTLB_STEP_READ,
	PVTLB_STEP_WRITE,
	PVTLB_STEP_RMW, /* a read and a write that nothing comes between */
	PVTLB_STEP_KINDS,
};

/*
 * An access in 8 bytes: the memory's guest-physical address, of which the low 3 bits do not count;
 * in these its kind; in the upper 8 its size as a shift, at least 3: what is in one 8-byte word is
 * one thing, and a page that is filled is one access.
 */
#define PVTLB_STEP_WORD_SHIFT		    3u
#define PVTLB_STEP_ACCESS(gpa, shift, kind) ((uint64_t)(shift) << 56 | ((gpa) & ~7ull) | (kind))
#define PVTLB_STEP_KIND(access)		    ((access)&7)
#define PVTLB_STEP_SHIFT(access)	    ((access) >> 56)
#define PVTLB_STEP_GPA(access)		    ((access)&0x00fffffffffffff8ull)

/* Why a CPU has stopped: what it stores, 32 bits, to the doorbell's page, PVTLB_STEP_BELL bytes in.
 */
enum pvtlb_step_stop {
	PVTLB_STEP_AT_POINT = 1,
	PVTLB_STEP_SPINS, /* until the memory of its last access is changed, or for an interrupt */
	PVTLB_STEP_TRIAL, /* CPU 0: a trial begins, and the one before is over */
	PVTLB_STEP_OVER,  /* CPU 0: the last trial is over */
	PVTLB_STEP_STOPS,
};
#define PVTLB_STEP_BELL 0x400u

/* Is what happens what the scenario is about, or its preparing and clearing away? */
enum pvtlb_step_window { PVTLB_STEP_UNSAID, PVTLB_STEP_OUTSIDE, PVTLB_STEP_INSIDE };

#define PVTLB_STEP_LOG 4096u /* accesses; a power of two */

/* One for each CPU. The VMM writes until, and sets passed and sent back, while the CPU is stopped.
 */
struct pvtlb_step {
	uint32_t until;
	uint32_t passed;  /* points passed */
	uint64_t next;	  /* the access that it stands before; where it spins, the last one */
	uint64_t last;	  /* the last access; an interrupt leaves it what it was */
	uint64_t sent;	  /* the CPUs that it has sent an interrupt to, a bit each */
	uint32_t taken;	  /* interrupts that it has handled */
	uint32_t irqs_on; /* its own interrupt flag, as it stopped */
	uint32_t window;  /* CPU 0: enum pvtlb_step_window */
	uint32_t unused;
	uint64_t reserved[2];
	uint64_t log[PVTLB_STEP_LOG]; /* the access of point n is in n % PVTLB_STEP_LOG */
};

#endif
