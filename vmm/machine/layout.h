/* SPDX-License-Identifier: GPL-2.0-only */
/* Where things are in a guest: its address map, and where the VMM has put what it needs. */
#ifndef VMM_LAYOUT_H
#define VMM_LAYOUT_H

#include <stdbool.h>

#include "pvtlb/types.h"

/* The guest's address map, all of it in the kernel's half. */
#define GVA_DIRECT_MAP 0xffff888000000000ull /* all RAM, from gpa 0, ring 3 */
#define GVA_ENTRY_AREA 0xfffffe0000000000ull /* gpa 0 to IMAGE_GPA_MIN, ring 0 only */
#define GVA_LAPIC      0xffffffffff5fd000ull
#define GVA_DOORBELL   0xffffffffff5fc000ull
/* Ring 0 only, and only where CPUs can be stopped (machine/trap.h): its code, and its doorbell. */
#define GVA_TRAP_CODE 0xffffffffff5fb000ull
#define GVA_TRAP_BELL 0xffffffffff5fa000ull

#define GPA_LAPIC    0xfee00000ull
#define GPA_DOORBELL 0xd0000000ull /* no memory there: a store is an exit */
#define GPA_TRAP_BELL (GPA_DOORBELL + 0x1000ull)
/* In the doorbell's page: a load of 8 bytes is a hypercall, its value the result. */
#define DOORBELL_HYPERCALL 0x800u

/* Where images may lie in guest-physical memory. Below is the VMM's, above the free memory. */
#define IMAGE_GPA_MIN 0x1000000ull
#define IMAGE_GPA_MAX 0x5000000ull

/* Where the VMM has put things. gva's are of the map above. */
struct layout {
	gva_t direct_map; /* where the guest finds all RAM */
	gpa_t fdt;
	gpa_t call_blocks, status, steal, sequence;
	gpa_t rings;
	uint64_t ring_stride;
	gpa_t percpu;
	uint64_t percpu_stride;
	gpa_t steps; /* of CPU 0's struct pvtlb_step; 0: the guest is not in stepped mode */
	uint64_t steps_stride;
	gpa_t free; /* first byte the guest may allocate */
	/* boot.c's own */
	gpa_t pgd, gdt, idt, tss, ring0_stacks;
};

/* Is the address canonical with 48-bit linear addresses (Intel SDM vol. 1, 3.3.7.1)? */
static inline bool canonical(gva_t addr)
{
	return (uint64_t)((int64_t)(addr << 16) >> 16) == addr;
}

#endif
