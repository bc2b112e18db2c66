/* SPDX-License-Identifier: GPL-2.0-only */
/* What a vCPU finds when it starts: descriptor tables, page tables, registers. */
#ifndef VMM_BOOT_H
#define VMM_BOOT_H

#include <linux/kvm.h>

struct image;
struct layout;
struct guest_mem;
struct mmu_role;

/* Place and fill the tables; the image's segments are in memory already. */
void boot_build(struct guest_mem *mem, struct layout *layout, const struct image *image,
		unsigned int cpus);

/* Registers for ring 3 with this CPU's task state, per-CPU base and role. */
void boot_sregs(struct kvm_sregs *sregs, const struct layout *layout, unsigned int cpu,
		const struct mmu_role *role);

#endif
