/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-CPU data: a linker section linked at 0, one copy per CPU, this CPU's at GS base. */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <linux/compiler.h>
#include <linux/types.h>

#define DEFINE_PER_CPU(type, name)  __section(".data..percpu") __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name

/*
 * The template is linked at 0, so an offset is a symbol's value and is the linker's choice.
 * gs:0 .. gs:0x2f stay free: the canary of code built with a stack protector is at 0x28.
 */
#define this_cpu(var)		 (*(volatile __typeof__(var) __seg_gs *)(uintptr_t)&(var))
#define this_cpu_read(var)	 ((__typeof__(var))this_cpu(var))
#define this_cpu_write(var, val) ((void)(this_cpu(var) = (val)))

/* CPU 0's copy and the distance between copies, both from the device tree. */
extern u64 per_cpu_base, per_cpu_stride;

static inline uintptr_t per_cpu_offset(unsigned int cpu)
{
	return per_cpu_base + cpu * per_cpu_stride;
}

#define per_cpu_ptr(ptr, cpu)                                                                      \
	((__typeof__(ptr))(per_cpu_offset(cpu) + (uintptr_t)(ptr)))
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), cpu))

DECLARE_PER_CPU(u64, stack_top);
u64 cpu_stack(unsigned int cpu); /* its upper end */

DECLARE_PER_CPU(u32, cpu_number);
#define smp_processor_id() this_cpu_read(cpu_number)

/* An address that is good on every CPU, of this CPU's copy. */
#define this_cpu_ptr(ptr) per_cpu_ptr(ptr, smp_processor_id())

#endif
