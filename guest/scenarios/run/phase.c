/* SPDX-License-Identifier: GPL-2.0-only */
/* Phases: CPU 0 publishes a function and releases the workers, which run it and arrive. */
#include <asm/pgtable.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/trace.h>
#include <linux/wait.h>

#include "internal.h"

static u32 phase;	     /* counts releases */
static u32 arrived;	     /* counts arrivals, of all phases */
static void (*to_run)(void); /* by every worker, in this phase */

/* Not at the rendezvous: set when released, cleared when it arrives. */
static DEFINE_PER_CPU(u32, absent);

void phase_release(void (*run)(void), void (*what)(void))
{
	unsigned int cpu;
	u32 now;

	to_run = run;
	for_each_online_cpu(cpu) {
		/* CPU 0's own says what it gathers from. */
		WRITE_ONCE(cpu_status(cpu)->phase, (gva_t)what);
		if (cpu)
			WRITE_ONCE(per_cpu(absent, cpu), 1);
	}
	now = atomic_inc_return(&phase);
	for_each_online_cpu(cpu)
		if (cpu)
			wake_cpu(cpu, now);
}

/* The model's RCU and IRQ flag are its own; a kernel tree's code is held to them. */
__weak void contracts_check(void)
{
}

static void arrive(void)
{
	unsigned int cpu = smp_processor_id();

	trace_drain();
	WRITE_ONCE(cpu_status(cpu)->phase, 0);
	smp_store_release(this_cpu_ptr(&absent), 0);
	wake_cpu(0, atomic_inc_return(&arrived));
}

/* After its last phase it waits on: where it can be interrupted, and out of host CPUs' way. */
void phase_work(void)
{
	for (u32 next = 1;; next++) {
		status_wait(PVTLB_WAIT_PHASE, 0, 0);
		wait_until(&phase, next);
		status_run();
		to_run();
		contracts_check();
		arrive();
	}
}

/*
 * Whoever is held, or about to be, has nothing left to be held for: CPU 0 is through with what
 * it did meanwhile, and waits for him.
 */
static void call_in_held(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		const u32 *word = per_cpu_ptr(&absent, cpu);

		if (!smp_load_acquire(word))
			continue;
		trace(WAIT, cpu, __pa(word), false);
		spin_until_zero(word);
		trace(WAIT, cpu, __pa(word), true);
	}
}

/* As many arrivals as workers and phases: none is lost or early, each waits for its release. */
void scn_gather(void)
{
	trace_drain();
	status_wait(PVTLB_WAIT_GATHER, 0, 0);
	if (scenario_run.held)
		call_in_held();
	wait_until(&arrived, phase * (num_online_cpus() - 1));
	status_run();
	WRITE_ONCE(cpu_status(0)->phase, 0);
}

void scn_release(void (*what)(void))
{
	phase_release(what, what);
}

void scn_phase(void (*what)(void))
{
	scn_release(what);
	what();
	scn_gather();
}
