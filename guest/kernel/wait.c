/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for another CPU: spin a little, then halt until it wakes us. */
#include <asm/apic.h>
#include <asm/gate.h>
#include <linux/irq.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/wait.h>

/* What the CPU sleeps for, SLEEPING | value; a waker takes it back to 0 and owes an IPI. */
static DEFINE_PER_CPU(u64, sleeping);
#define SLEEPING (1ull << 32)
static DEFINE_PER_CPU(u32, woken); /* that IPI has arrived */

static u32 spins;

void wait_init(u32 turns)
{
	spins = turns;
}

/* Counts wrap around. */
static bool is_past(u32 now, u32 value)
{
	return (s32)(now - value) >= 0;
}

static bool reached(const u32 *word, u32 value)
{
	return is_past(smp_load_acquire(word), value);
}

/* IRQs are off; they are on when this returns. Does not sleep when one is pending. */
static void safe_halt(void)
{
	gate(GATE_HLT, 0, 0);
	local_irq_enable();
}

/*
 * Every wake-up IPI that was sent is taken before the wait ends: an IPI that arrived later
 * would look like one that a flush sent.
 */
static void sleep_until(const u32 *word, u32 value)
{
	u64 *flag = this_cpu_ptr(&sleeping);

	this_cpu_write(woken, 0);
	xchg(flag, SLEEPING | value);
	while (!reached(word, value)) {
		local_irq_disable();
		if (!this_cpu_read(woken) && !reached(word, value))
			safe_halt();
		else
			local_irq_enable();
		if (this_cpu_read(woken)) {
			this_cpu_write(woken, 0);
			xchg(flag, SLEEPING | value);
		}
	}
	if (xchg(flag, 0))
		return;
	status_wait(PVTLB_WAIT_WAKE_IPI, 0, 0);
	while (!this_cpu_read(woken))
		cpu_relax();
}

void cpu_yield(void)
{
	if (step_on())
		step_spin();
	else
		vmm_call(PVTLB_CALL_YIELD, NULL, 0);
}

void wait_until(const u32 *word, u32 value)
{
	/* Stepped CPUs do not sleep: who runs is not theirs to say. */
	for (u32 i = 0; i < spins || step_on(); i++) {
		if (reached(word, value))
			return;
		cpu_relax();
	}
	if (!reached(word, value))
		sleep_until(word, value);
}

/* A slow waker may find the CPU asleep for something later: that is not its business. */
void wake_cpu(unsigned int cpu, u32 value)
{
	u64 *flag = per_cpu_ptr(&sleeping, cpu);
	u64 want = READ_ONCE(*flag);

	if (want && is_past(value, want) && try_cmpxchg(flag, &want, 0))
		send_ipi(cpu, RESCHEDULE_VECTOR);
}

static void wake_interrupt(void)
{
	this_cpu_write(woken, 1);
}

IRQ_HANDLER(RESCHEDULE_VECTOR, wake_interrupt);
