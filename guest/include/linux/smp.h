/* SPDX-License-Identifier: GPL-2.0-only */
/* Cross-CPU function calls, with the kernel's semantics. */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <linux/cpumask.h>
#include <linux/percpu.h>

typedef void (*smp_call_func_t)(void *info);
typedef bool (*smp_cond_func_t)(int cpu, void *info);

/*
 * Run func on every online CPU of mask for which cond, asked here, says yes (NULL: all); on
 * this CPU too if it is in the mask, with IRQs off. With wait, return when all have run it.
 */
void on_each_cpu_cond_mask(smp_cond_func_t cond, smp_call_func_t func, void *info, bool wait,
			   const struct cpumask *mask);

static inline void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info,
				    bool wait)
{
	on_each_cpu_cond_mask(NULL, func, info, wait, mask);
}

/*
 * Between these a CPU that is found online can be called: it is not gone before calls_end(). What
 * Linux has stop_machine() for, which waits till no CPU is in between. wait_for_calls(): no longer
 * in cpu_online_mask, with IRQs on; then whoever calls this CPU has.
 */
void calls_begin(void);
void calls_end(void);
void wait_for_calls(void);

/* On every other online CPU. */
void smp_call_function(smp_call_func_t func, void *info, bool wait);

#endif
