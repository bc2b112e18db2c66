/* SPDX-License-Identifier: GPL-2.0-only */
/* A spinlock, for what several CPUs may change. Not to be taken by an interrupt. */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/wait.h>

typedef struct {
	u32 locked;
} spinlock_t;

static inline void spin_lock(spinlock_t *lock)
{
	while (xchg(&lock->locked, 1))
		cpu_relax();
}

static inline void spin_unlock(spinlock_t *lock)
{
	smp_store_release(&lock->locked, 0);
}

#endif
