/* SPDX-License-Identifier: GPL-2.0-only */
/* Compiler idioms, barriers and the few atomic operations the guest needs. */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define likely(x)	   __builtin_expect(!!(x), 1)
#define unlikely(x)	   __builtin_expect(!!(x), 0)
#define __section(s)	   __attribute__((__section__(s)))
#define __used		   __attribute__((__used__))
#define __weak		   __attribute__((__weak__))
#define __noreturn	   __attribute__((__noreturn__))
#define __aligned(n)	   __attribute__((__aligned__(n)))
#define ARRAY_SIZE(a)	   (sizeof(a) / sizeof((a)[0]))
#define READ_ONCE(x)	   (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val) (*(volatile __typeof__(x) *)&(x) = (val))

#define barrier() __asm__ volatile("" ::: "memory")
#define smp_mb()  __atomic_thread_fence(__ATOMIC_SEQ_CST)

#define smp_load_acquire(p)	  __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, val) __atomic_store_n(p, val, __ATOMIC_RELEASE)

/* All of these are full barriers, as their namesakes are on x86. */
#define xchg(p, val)		__atomic_exchange_n(p, val, __ATOMIC_SEQ_CST)
#define atomic_dec_return(p)	__atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST)
#define atomic_inc_return(p)	__atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST)
#define try_cmpxchg(p, old, val)                                                                   \
	__atomic_compare_exchange_n(p, old, val, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

#endif
