/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions: accesses that may fault. */
#ifndef GUEST_TRAPS_H
#define GUEST_TRAPS_H

#include <linux/percpu.h>
#include <linux/types.h>

/* Page-fault error code of this CPU's last faulting probe (Intel SDM vol. 3, 4.7). */
#define PF_PROT 1u
DECLARE_PER_CPU(u64, probe_error);

/* Load or store 8 bytes: 0, or 1 when it faulted. In boot/upcall.S. */
int probe_load(u64 addr, u64 *value);
int probe_store(u64 addr, u64 value);

#endif
