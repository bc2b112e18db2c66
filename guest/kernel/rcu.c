/* SPDX-License-Identifier: GPL-2.0-only */
/* RCU: grace periods are expedited ones, by an interrupt that asks each CPU. */
#include <asm/page.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/trace.h>
#include <linux/wait.h>

DEFINE_PER_CPU(u32, rcu_read_lock_nesting);
/* A grace period waits for the end of this CPU's read section. */
static DEFINE_PER_CPU(u32, rcu_need_qs);

static spinlock_t gp_lock;
static struct rcu_head *callbacks;
static u32 nr_callbacks;

/* Interrupted, so IRQs were on: only a read section can be in the way. */
static void rcu_exp_handler(void *unused)
{
	(void)unused;
	if (this_cpu_read(rcu_read_lock_nesting))
		WRITE_ONCE(*this_cpu_ptr(&rcu_need_qs), 1);
}

void rcu_read_unlock(void)
{
	u32 nesting;

	barrier();
	nesting = this_cpu_read(rcu_read_lock_nesting) - 1;
	WRITE_ONCE(*this_cpu_ptr(&rcu_read_lock_nesting), nesting);
	barrier();
	/* An interrupt that comes in between finds the section over and asks for nothing. */
	if (!nesting && this_cpu_read(rcu_need_qs))
		smp_store_release(this_cpu_ptr(&rcu_need_qs), 0);
}

static void wait_for_reader(unsigned int cpu)
{
	const u32 *need = per_cpu_ptr(&rcu_need_qs, cpu);

	if (!smp_load_acquire(need))
		return;
	trace(WAIT, cpu, __pa(need), false);
	status_wait(PVTLB_WAIT_GRACE, cpu, 0);
	while (smp_load_acquire(need))
		cpu_relax();
	status_run();
	trace(WAIT, cpu, __pa(need), true);
}

void synchronize_rcu(void)
{
	unsigned int cpu;

	if (this_cpu_read(rcu_read_lock_nesting))
		panic("synchronize_rcu() in a read section", smp_processor_id());
	spin_lock(&gp_lock);
	trace(GRACE, false);
	smp_call_function(rcu_exp_handler, NULL, true);
	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			wait_for_reader(cpu);
	trace(GRACE, true);
	spin_unlock(&gp_lock);
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	struct rcu_head *first = READ_ONCE(callbacks);

	head->func = func;
	do
		head->next = first;
	while (!try_cmpxchg(&callbacks, &first, head));
	atomic_inc_return(&nr_callbacks);
}

u32 rcu_callbacks(void)
{
	return READ_ONCE(nr_callbacks);
}

void rcu_barrier(void)
{
	struct rcu_head *head = xchg(&callbacks, NULL), *next;

	synchronize_rcu();
	for (; head; head = next) {
		next = head->next;
		atomic_dec_return(&nr_callbacks);
		head->func(head);
	}
}
