/* SPDX-License-Identifier: GPL-2.0-only */
/* What a vCPU finds when it starts: descriptor tables, page tables, registers. */
#ifndef VMM_BOOT_H
#define VMM_BOOT_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/types.h"

struct image;
struct layout;
struct guest_mem;
struct mmu_role;

/* Place and fill the tables; the image's segments are in memory already. */
void boot_build(struct guest_mem *mem, struct layout *layout, const struct image *image,
		unsigned int cpus);

/* Before the first vCPU runs: where a vector leads; a page for ring 0, to be executed, or written. */
void boot_gate(const struct guest_mem *mem, const struct layout *layout, uint8_t vector,
	       gva_t stub);
void boot_map_ring0(struct guest_mem *mem, const struct layout *layout, gva_t addr, gpa_t gpa,
		    bool code);

/*
 * The word of a CPU's ring-0 stack with the RFLAGS that it goes back to ring 3 with. Stubs and gates
 * (guest/kernel/entry.S) may change other words of the frame, and push below it.
 */
uint64_t *boot_saved_flags(const struct guest_mem *mem, const struct layout *layout,
			   unsigned int cpu);

/* Only CS and SS, as ring 3 has them. */
void boot_ring3(struct kvm_sregs *sregs);

/* Registers for ring 3 with this CPU's task state, per-CPU base and role. */
void boot_sregs(struct kvm_sregs *sregs, const struct layout *layout, unsigned int cpu,
		const struct mmu_role *role);

#endif
