/* SPDX-License-Identifier: GPL-2.0-only */
/* What everybody needs: where memory is, per-CPU data's fixed start, the CPU's number, stacks. */
#include <asm/page.h>
#include <asm/stack.h>
#include <linux/percpu.h>

/* gs:0 .. gs:0x2f: nothing of ours; fs:0x28 is the canary that libfdt's objects look at. */
__section(".data..percpu..first") __used u8 fixed_percpu_data[48];

DEFINE_PER_CPU(u32, cpu_number);
/* Where ring 0 restarts a CPU that faulted in ring 0. */
DEFINE_PER_CPU(u64, stack_top);
static DEFINE_PER_CPU(u8, stack[STACK_SIZE]) __aligned(16);

u8 init_stack[STACK_SIZE] __aligned(16);

u64 per_cpu_base, per_cpu_stride;
u64 page_offset_base;

u64 cpu_stack(unsigned int cpu)
{
	u8 *bottom = cpu ? per_cpu_ptr(&stack[0], cpu) : init_stack;

	return (uintptr_t)bottom + STACK_SIZE;
}
