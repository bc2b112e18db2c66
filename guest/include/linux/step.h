/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stepped mode: before each access to what CPUs share there is a point at which a CPU can be made
 * to stop, so that somebody chooses who goes on. Behind a static key: the image is the same one,
 * and out of stepped mode a point is a nop.
 *
 * A file that defines NO_STEP_POINTS before it includes anything has none: the tracepoints and
 * what stops a CPU are not what is explored.
 */
#ifndef _LINUX_STEP_H
#define _LINUX_STEP_H

#include <linux/jump_label.h>
#include <linux/types.h>
#include <pvtlb/step.h>

DECLARE_STATIC_KEY_FALSE(step_key);

#ifdef NO_STEP_POINTS
#define step_on() false
#else
#define step_on() static_branch_unlikely(&step_key)
#endif

/* Where CPU 0's struct pvtlb_step is, a gva; the next one's is stride bytes on. Then the key. */
void step_init(u64 base, u64 stride);

/* A point before an access to 2^shift bytes, and then that access. size: 1, 2, 4 or 8 bytes. */
void step_point(const volatile void *addr, unsigned int shift, enum pvtlb_step_kind kind);
u64 step_load(const volatile void *addr, unsigned int size);
void step_store(volatile void *addr, unsigned int size, u64 val);
/* A point before an atomic operation, which the caller does, or before filling 2^shift bytes. */
void step_rmw(const volatile void *addr);
void step_fill(const volatile void *addr, unsigned int shift);
/* Before a look through the hardware, by that entry: a point, and nothing that a spin waits for. */
void step_look(const u64 *entry);
/* A barrier; no point. */
void step_mb(void);

/* The accesses themselves, in kernel/step_memory.c, or in what stands in for it. */
u64 memory_load(const volatile void *addr, unsigned int size);
void memory_store(volatile void *addr, unsigned int size, u64 val);
void memory_barrier(void);

/* It waits until the memory of its last access has changed. */
void step_spin(void);
/* An interrupt is sent to cpu. */
void step_sent(unsigned int cpu);
/* An interrupt's handler begins, and is over: with what the first one returned. */
u64 step_irq_enter(void);
void step_irq_exit(u64 last);
/* CPU 0: from here on it is what the scenario is about, or not. */
void step_window(enum pvtlb_step_window window);
/* CPU 0: a trial begins, and with it ends the one before; and the last one is over. */
void step_trial(void);
void step_over(void);

#endif
