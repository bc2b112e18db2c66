/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files under mm/ share with the boot code only. */
#ifndef GUEST_MM_INTERNAL_H
#define GUEST_MM_INTERNAL_H

#include <linux/percpu.h>

/* Which of an mm's two pgds this CPU loads (mm/pgtable.c). */
DECLARE_PER_CPU(u32, cpu_pgd);

#endif
