/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own address space: what a CPU has loaded that has no other. */
#include <linux/mm_types.h>

struct mm_struct init_mm = { .ctx_id = 1 };
