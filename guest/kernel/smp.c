/* SPDX-License-Identifier: GPL-2.0-only */
/* Cross-CPU function calls: per-CPU queues, one IPI for a queue that was empty, acks. */
#include <asm/apic.h>
#include <asm/page.h>
#include <linux/fault.h>
#include <linux/irqflags.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/trace.h>
#include <linux/wait.h>

struct call_single_data {
	struct call_single_data *next;
	smp_call_func_t func;
	void *info;
	u32 locked; /* from queueing until func has returned on the target */
};

/* What this CPU has asked each other CPU to do, and what it has been asked. */
static DEFINE_PER_CPU(struct call_single_data, cfd[NR_CPUS]);
static DEFINE_PER_CPU(struct call_single_data *, call_single_queue);

static void csd_lock_wait(struct call_single_data *csd, unsigned int cpu)
{
	if (!smp_load_acquire(&csd->locked))
		return;
	trace(WAIT, cpu, __pa(&csd->locked), false);
	status_wait(PVTLB_WAIT_CSD, cpu, 0);
	while (smp_load_acquire(&csd->locked))
		cpu_relax();
	status_run();
	trace(WAIT, cpu, __pa(&csd->locked), true);
}

/* Returns whether the queue was empty, so that nobody has an IPI under way for it. */
static bool csd_queue(struct call_single_data *csd, unsigned int cpu)
{
	struct call_single_data **queue = per_cpu_ptr(&call_single_queue, cpu);
	struct call_single_data *first = READ_ONCE(*queue);

	do
		csd->next = first;
	while (!try_cmpxchg(queue, &first, csd));
	return !first;
}

static void smp_call_function_one(unsigned int cpu, smp_call_func_t func, void *info)
{
	struct call_single_data *csd = &this_cpu_ptr(&cfd[0])[cpu];

	csd_lock_wait(csd, cpu);
	csd->func = func;
	csd->info = info;
	smp_store_release(&csd->locked, 1);
	if (csd_queue(csd, cpu))
		send_ipi(cpu, CALL_FUNCTION_VECTOR);
}

void on_each_cpu_cond_mask(smp_cond_func_t cond, smp_call_func_t func, void *info, bool wait,
			   const struct cpumask *mask)
{
	unsigned int self = smp_processor_id(), cpu;
	struct cpumask called = { 0 };

	if (irqs_disabled())
		panic("cross-CPU call with IRQs off: two of these would deadlock", self);

	calls_begin();
	for_each_cpu(cpu, mask) {
		if (cpu == self || !cpumask_test_cpu(cpu, &cpu_online_mask))
			continue;
		if (cond && !cond(cpu, info))
			continue;
		if (should_fail(PVTLB_FAULT_SKIP_IPI, cpu))
			continue;
		smp_call_function_one(cpu, func, info);
		cpumask_set_cpu(cpu, &called);
	}
	calls_end();

	if (cpumask_test_cpu(self, mask) && (!cond || cond(self, info))) {
		local_irq_disable();
		func(info);
		local_irq_enable();
	}

	if (!wait)
		return;
	for_each_cpu(cpu, &called)
		csd_lock_wait(&this_cpu_ptr(&cfd[0])[cpu], cpu);
}

void smp_call_function(smp_call_func_t func, void *info, bool wait)
{
	struct cpumask mask = cpumask_now(&cpu_online_mask);

	cpumask_clear_cpu(smp_processor_id(), &mask);
	on_each_cpu_mask(&mask, func, info, wait);
}

static void generic_smp_call_function_interrupt(void)
{
	struct call_single_data *csd, *next, *todo = NULL;

	/* Last in, first out: turn it round. */
	for (csd = xchg(this_cpu_ptr(&call_single_queue), NULL); csd; csd = next) {
		next = csd->next;
		csd->next = todo;
		todo = csd;
	}
	for (csd = todo; csd; csd = next) {
		smp_call_func_t func = csd->func;
		void *info = csd->info;

		next = csd->next;
		if (should_fail(PVTLB_FAULT_EARLY_ACK, smp_processor_id())) {
			smp_store_release(&csd->locked, 0);
			fault_window();
			/* The caller may have reused info: it is not to be asked what. */
			fault_make_good();
			continue;
		}
		func(info);
		/* The acknowledgement: only now may the caller go on. */
		smp_store_release(&csd->locked, 0);
	}
}

IRQ_HANDLER(CALL_FUNCTION_VECTOR, generic_smp_call_function_interrupt);
