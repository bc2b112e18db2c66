/* SPDX-License-Identifier: GPL-2.0-only */
/* Spinlocks, whose waiters tell whom they wait for. */
#include <asm/page.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/trace.h>
#include <linux/wait.h>

/* Turns after which a wait is a long one: its holder may be held, or not run at all. */
#define LONG_WAIT 1024

static void wait_for_owner(const spinlock_t *lock, u32 owner)
{
	trace(WAIT, owner - 1, __pa(&lock->owner), false);
	status_wait(PVTLB_WAIT_LOCK, owner - 1, 0);
	while (smp_load_acquire(&lock->owner) == owner)
		cpu_yield();
	status_run();
	trace(WAIT, owner - 1, __pa(&lock->owner), true);
}

void spin_lock(spinlock_t *lock)
{
	u32 self = smp_processor_id() + 1;

	for (u32 turn = 1;; turn++) {
		u32 owner = 0;

		if (try_cmpxchg(&lock->owner, &owner, self))
			return;
		if (owner == self)
			panic("spin_lock: this CPU has it already", (u64)lock);
		if (turn % LONG_WAIT)
			cpu_relax();
		else if (owner)
			wait_for_owner(lock, owner);
	}
}

void spin_unlock(spinlock_t *lock)
{
	smp_store_release(&lock->owner, 0);
}
