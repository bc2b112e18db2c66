/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files under kernel/ share among themselves only. */
#ifndef GUEST_KERNEL_H
#define GUEST_KERNEL_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <asm/stack.h>
#include <pvtlb/image.h>

DECLARE_PER_CPU(u64, stack_top);
u64 cpu_stack(unsigned int cpu);

/* The machine, as the device tree describes it. */
struct machine {
	const void *fdt;
	u64 doorbell; /* gva */
	u64 lapic;    /* gva */
	u64 call_blocks, status; /* gva, direct map */
	u64 rings, ring_stride;	 /* gva, bytes */
	u64 *sequence;
	const char *scenario;
	const char *key;
	const char *fault;
	const char *hypercall;
	const char *policy;
	u64 stops;	    /* events that the VMM is told of at once, by number */
	u64 stress_cycles;  /* 0: not a free run */
	u64 seed;
	u32 trials;
	u32 spins;
};
extern struct machine machine;

/* Read the tree into machine; panics when it lacks what a guest needs. */
void setup_arch(const void *fdt);

void fault_init(void);
void __noreturn start_kernel(const void *fdt);
void __noreturn start_secondary(unsigned int cpu);

#endif
