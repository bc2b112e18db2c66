/* SPDX-License-Identifier: GPL-2.0-only */
/* RCU: read sections, a grace period that waits for them, and callbacks behind one. */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/percpu.h>
#include <linux/types.h>

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

DECLARE_PER_CPU(u32, rcu_read_lock_nesting);

/* Its own CPU's alone; but an interrupt that asks comes before or behind: these are points. */
static inline void rcu_read_lock(void)
{
	WRITE_ONCE(*this_cpu_ptr(&rcu_read_lock_nesting), this_cpu_read(rcu_read_lock_nesting) + 1);
	barrier();
}

void rcu_read_unlock(void);

/*
 * Returns when every read section, and every stretch with IRQs off, of any CPU that had begun
 * before the call is over. IRQs must be on.
 */
void synchronize_rcu(void);

/* Have func called after a grace period: in the next rcu_barrier() of any CPU. */
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
/* Wait for a grace period and run all callbacks that were queued before. */
void rcu_barrier(void);
/* How many callbacks are queued. */
u32 rcu_callbacks(void);

#endif
