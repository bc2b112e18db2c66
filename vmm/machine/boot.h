/* SPDX-License-Identifier: GPL-2.0-only */
/* What a vCPU finds when it starts: descriptor tables, page tables, registers. */
#ifndef VMM_BOOT_H
#define VMM_BOOT_H

#include <linux/kvm.h>

struct image;
struct layout;
struct guest_mem;
struct mmu_role;

/* The guest's address map, all of it in the kernel's half. */
#define GVA_DIRECT_MAP 0xffff888000000000ull /* all RAM, from gpa 0, ring 3 */
#define GVA_ENTRY_AREA 0xfffffe0000000000ull /* gpa 0 to IMAGE_GPA_MIN, ring 0 only */
#define GVA_LAPIC      0xffffffffff5fd000ull
#define GVA_DOORBELL   0xffffffffff5fc000ull

#define GPA_LAPIC    0xfee00000ull
#define GPA_DOORBELL 0xd0000000ull /* no memory there: a store is an exit */
/* In the doorbell's page: a load of 8 bytes is a hypercall, its value the result. */
#define DOORBELL_HYPERCALL 0x800u

/* Place and fill the tables; the image's segments are in memory already. */
void boot_build(struct guest_mem *mem, struct layout *layout, const struct image *image,
		unsigned int cpus);

/* Registers for ring 3 with this CPU's task state, per-CPU base and role. */
void boot_sregs(struct kvm_sregs *sregs, const struct layout *layout, unsigned int cpu,
		const struct mmu_role *role);

#endif
