/* SPDX-License-Identifier: GPL-2.0-only */
/* A spinlock, for what several CPUs may change. Not to be taken by an interrupt. */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/types.h>

/*
 * Who holds one may be held by the VMM, and may wait for others' interrupts: so it is taken with
 * IRQs on wherever its holder flushes, and who waits long says for whom.
 */
typedef struct {
	u32 owner; /* the CPU that has it, plus 1; 0: nobody */
} spinlock_t;

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);

#endif
