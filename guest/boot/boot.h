/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the boot share among themselves. */
#ifndef GUEST_BOOT_H
#define GUEST_BOOT_H

#include <linux/compiler.h>

#include "../scenarios/run/start.h"

/* What the device tree says that is not for a part of the kernel's own setup; NULL: nothing. */
struct boot_config {
	const void *fdt;
	const char *key, *fault, *policy;
	struct scenario_config scenario;
};

/*
 * Read the tree, set up what can be told where it is, and return the rest; panics when the tree
 * lacks what a guest needs.
 */
struct boot_config setup_arch(const void *fdt);

void native_smp_prepare_boot_cpu(const struct boot_config *config);
void smp_up(void);

void __noreturn start_kernel(const void *fdt);

#endif
