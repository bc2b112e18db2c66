/* SPDX-License-Identifier: GPL-2.0-only */
/* Compiler idioms, barriers and the few atomic operations the guest needs. */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#include <linux/step.h>

#define likely(x)     __builtin_expect(!!(x), 1)
#define unlikely(x)   __builtin_expect(!!(x), 0)
#define __section(s)  __attribute__((__section__(s)))
#define __used	      __attribute__((__used__))
#define __weak	      __attribute__((__weak__))
#define __noreturn    __attribute__((__noreturn__))
#define __aligned(n)  __attribute__((__aligned__(n)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define barrier() __asm__ volatile("" ::: "memory")

/* In stepped mode all of these have a point in front (linux/step.h). */

#define READ_ONCE(x)                                                                               \
	(step_on() ? (__typeof__((void)0, (x)))step_load(&(x), sizeof(x))                          \
		   : *(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)                                                                         \
	do {                                                                                       \
		__typeof__(x) new_val = (val);                                                     \
                                                                                                   \
		if (step_on())                                                                     \
			step_store(&(x), sizeof(x), (u64)new_val);                                 \
		else                                                                               \
			*(volatile __typeof__(x) *)&(x) = new_val;                                 \
	} while (0)

#define smp_mb() (step_on() ? step_mb() : (void)0, __atomic_thread_fence(__ATOMIC_SEQ_CST))

#define smp_load_acquire(p)                                                                        \
	(step_on() ? (__typeof__((void)0, *(p)))step_load(p, sizeof(*(p)))                         \
		   : __atomic_load_n(p, __ATOMIC_ACQUIRE))
#define smp_store_release(p, val)                                                                  \
	do {                                                                                       \
		__typeof__(*(p)) new_val = (val);                                                  \
                                                                                                   \
		if (step_on())                                                                     \
			step_store(p, sizeof(*(p)), (u64)new_val);                                 \
		else                                                                               \
			__atomic_store_n(p, new_val, __ATOMIC_RELEASE);                            \
	} while (0)

/* All of these are full barriers, as their namesakes are on x86. */
#define step_before_rmw(p)	 (step_on() ? step_rmw(p) : (void)0)
#define xchg(p, val)		 (step_before_rmw(p), __atomic_exchange_n(p, val, __ATOMIC_SEQ_CST))
#define atomic_dec_return(p)	 (step_before_rmw(p), __atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST))
#define atomic_inc_return(p)	 (step_before_rmw(p), __atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST))
#define atomic_fetch_add(p, n)	 (step_before_rmw(p), __atomic_fetch_add(p, n, __ATOMIC_SEQ_CST))
#define atomic_fetch_or(p, val)	 (step_before_rmw(p), __atomic_fetch_or(p, val, __ATOMIC_SEQ_CST))
#define atomic_fetch_and(p, val) (step_before_rmw(p), __atomic_fetch_and(p, val, __ATOMIC_SEQ_CST))
#define try_cmpxchg(p, old, val)                                                                   \
	(step_before_rmw(p),                                                                       \
	 __atomic_compare_exchange_n(p, old, val, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))

#endif
