/* SPDX-License-Identifier: GPL-2.0-only */
/* Stepped mode: points, at which a CPU says what it is about to do, and may be stopped. */
#define NO_STEP_POINTS
#include <asm/page.h>
#include <asm/stack.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/step.h>

static u64 steps, steps_stride; /* gva, bytes */

void step_init(u64 base, u64 stride)
{
	steps = base;
	steps_stride = stride;
}

static volatile struct pvtlb_step *this_step(void)
{
	return (volatile struct pvtlb_step *)(steps + smp_processor_id() * steps_stride);
}

/* Of RAM, or of the image, which is mapped at its own address, too. */
static u64 gpa_of(u64 addr)
{
	return addr >= IMAGE_BASE ? __pa_symbol(addr) : __pa(addr);
}

/* What a CPU has on its stack is its own. */
static bool on_own_stack(u64 addr)
{
	return cpu_stack(smp_processor_id()) - addr - 1 < STACK_SIZE;
}

/* Interrupts that have come while it was stopped are taken here, as it goes on. */
static void stop(volatile struct pvtlb_step *step, enum pvtlb_step_stop why)
{
	step->irqs_on = !irqs_disabled();
	vmm_step(why);
}

/* An interrupt's handler has points of its own: behind it this one is announced anew. */
void step_point(const volatile void *addr, unsigned int shift, enum pvtlb_step_kind kind)
{
	volatile struct pvtlb_step *step = this_step();
	u64 access = PVTLB_STEP_ACCESS(gpa_of((u64)addr), (u64)shift, kind);

	if (on_own_stack((u64)addr))
		return;
	for (;;) {
		step->next = access;
		if (step->passed < step->until)
			break;
		stop(step, PVTLB_STEP_AT_POINT);
	}
	step->log[step->passed % PVTLB_STEP_LOG] = access;
	step->last = access;
	step->passed++;
}

u64 step_load(const volatile void *addr, unsigned int size)
{
	step_point(addr, PVTLB_STEP_WORD_SHIFT, PVTLB_STEP_READ);
	return memory_load(addr, size);
}

void step_store(volatile void *addr, unsigned int size, u64 val)
{
	step_point(addr, PVTLB_STEP_WORD_SHIFT, PVTLB_STEP_WRITE);
	memory_store(addr, size, val);
}

void step_rmw(const volatile void *addr)
{
	step_point(addr, PVTLB_STEP_WORD_SHIFT, PVTLB_STEP_RMW);
	memory_barrier();
}

void step_fill(const volatile void *addr, unsigned int shift)
{
	step_point(addr, shift, PVTLB_STEP_WRITE);
	memory_barrier();
}

void step_mb(void)
{
	memory_barrier();
}

void step_look(const u64 *entry)
{
	volatile struct pvtlb_step *step = this_step();
	u64 last = step->last;

	step_point(entry, PVTLB_STEP_WORD_SHIFT, PVTLB_STEP_READ);
	step->last = last;
}

void step_spin(void)
{
	volatile struct pvtlb_step *step = this_step();

	step->next = step->last;
	stop(step, PVTLB_STEP_SPINS);
}

void step_sent(unsigned int cpu)
{
	this_step()->sent |= 1ull << (cpu % 64);
}

/* What an interrupted spin waits for is not what the handler has touched. */
u64 step_irq_enter(void)
{
	return this_step()->last;
}

void step_irq_exit(u64 last)
{
	this_step()->last = last;
	this_step()->taken++;
}

void step_window(enum pvtlb_step_window window)
{
	this_step()->window = window;
}

void step_trial(void)
{
	stop(this_step(), PVTLB_STEP_TRIAL);
}

void step_over(void)
{
	stop(this_step(), PVTLB_STEP_OVER);
}
