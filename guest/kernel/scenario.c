/* SPDX-License-Identifier: GPL-2.0-only */
/* Running a scenario: finding it, phases of leader and workers. */
#include <asm/gate.h>
#include <asm/pgtable.h>
#include <linux/cpumask.h>
#include <linux/fault.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <linux/wait.h>
#include <scenario.h>

#include "kernel.h"

extern const struct pvtlb_scenario __start_scenarios[], __stop_scenarios[];

static const struct pvtlb_scenario *scenario;

void scenario_init(void)
{
	const struct pvtlb_scenario *s;

	for (s = __start_scenarios; s < __stop_scenarios; s++)
		if (machine.scenario && !__builtin_strcmp(s->name, machine.scenario))
			scenario = s;
	if (!scenario)
		panic("no such scenario in this image", 0);
	if (scenario->setup)
		((void (*)(void))scenario->setup)();
}

void run_scenario(unsigned int cpu)
{
	int role = cpu != 0;

	cpu_status()->role = role + 1;
	if (scenario->role[role])
		((void (*)(void))scenario->role[role])();
	/* A worker stays where it can be interrupted, and out of the host CPUs' way. */
	if (cpu) {
		static const u32 never;

		wait_until(&never, 1);
	}
}

const struct pvtlb_hold *scenario_hold(void)
{
	return scenario->hold;
}

bool scenario_walks(void)
{
	return scenario->flags & PVTLB_SCENARIO_WALKS;
}

bool scenario_leaves_out(unsigned int cpu)
{
	return scenario->flags & PVTLB_SCENARIO_ONE_OFFLINE && cpu && cpu == nr_cpu_ids - 1;
}

unsigned int scn_cpu(void)
{
	return smp_processor_id();
}

unsigned int scn_nr_cpus(void)
{
	return num_online_cpus();
}

unsigned int scn_trials(void)
{
	return machine.trials;
}

void scn_step(unsigned int trial, unsigned int step)
{
	trace(TRIAL, trial, step);
}

/* Not at the rendezvous: set when released, cleared when it arrives. */
static DEFINE_PER_CPU(u32, absent);

void scn_measure(enum pvtlb_measure what, u64 value)
{
	trace(MEASURE, what, value);
}

static u32 phase;   /* counts releases */
static u32 arrived; /* counts arrivals, of all phases */

/* The phase this worker waits for next. */
static DEFINE_PER_CPU(u32, next_phase);

void scn_release(void)
{
	unsigned int cpu;
	u32 now;

	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			WRITE_ONCE(per_cpu(absent, cpu), 1);
	now = atomic_inc_return(&phase);
	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			wake_cpu(cpu, now);
}

void scn_wait_release(void)
{
	u32 next = this_cpu_read(next_phase) + 1;

	wait_until(&phase, next);
	this_cpu_write(next_phase, next);
}

void scn_arrive(void)
{
	trace_drain();
	smp_store_release(this_cpu_ptr(&absent), 0);
	wake_cpu(0, atomic_inc_return(&arrived));
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

		if (cpu == smp_processor_id() || !smp_load_acquire(word))
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
	if (machine.stops)
		call_in_held();
	wait_until(&arrived, phase * (num_online_cpus() - 1));
}

void scn_phase(void (*what)(void))
{
	scn_release();
	what();
	scn_gather();
}

void scn_relax(void)
{
	cpu_relax();
}

void scn_fault_window(void (*look)(void))
{
	fault_window = look;
}

void scn_call(u32 nr, const void *payload, u32 len)
{
	s64 status = vmm_call(nr, payload, len);

	trace(HYPERCALL, nr, status);
}

void scn_measure_ring0(void)
{
	u64 gate_least = ~0ull, loop_least = ~0ull;

	for (int i = 0; i < 200; i++) {
		u64 start = __builtin_ia32_rdtsc(), middle, end;

		gate(GATE_READ_CR3, 0, 0);
		middle = __builtin_ia32_rdtsc();
		for (int turn = 0; turn < 1000; turn++)
			barrier();
		end = __builtin_ia32_rdtsc();
		if (middle - start < gate_least)
			gate_least = middle - start;
		if (end - middle < loop_least)
			loop_least = end - middle;
	}
	trace(MEASURE, PVTLB_MEASURE_GATE, gate_least);
	trace(MEASURE, PVTLB_MEASURE_LOOP, loop_least);
}

void scn_host_call(u64 nr)
{
	s64 ret = -PVTLB_ENOSYS;

	if (machine.hypercall && !__builtin_strcmp(machine.hypercall, "vmcall"))
		ret = gate_hypercall(GATE_VMCALL, nr, 0);
	else if (machine.hypercall)
		ret = gate_hypercall(GATE_VMMCALL, nr, 0);
	trace(HYPERCALL, nr, ret);
}

void scn_spin_forever(void)
{
	status_wait(PVTLB_WAIT_FOREVER, 0, 0);
	for (;;)
		cpu_relax();
}

void scn_irqs_off(void)
{
	local_irq_disable();
}
