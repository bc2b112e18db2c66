/* SPDX-License-Identifier: GPL-2.0-only */
/* Values that events' arguments can have: enums, each with the table of its names. */
#ifndef PVTLB_EVENT_NAMES_H
#define PVTLB_EVENT_NAMES_H

/* A table is V(ID, value, name): ID is the enum's, name is what is printed and read. */
#define PVTLB_VALUE(id, value, name) id = value,

/* In the place of an mm: whichever a CPU has loaded. */
#define PVTLB_MM_ALL (~0ull)

/* In the order a correct boot goes through; BACKEND_REFUSED in the place of BACKEND_INSTALL. */
#define PVTLB_BOOT_STEPS(V)                                                                        \
	V(PVTLB_BOOT_START_KERNEL, 1, start_kernel)                                                \
	V(PVTLB_BOOT_SETUP_ARCH, 2, setup_arch)                                                    \
	V(PVTLB_BOOT_BACKEND_INSTALL, 3, backend_install) /* has "late" */                         \
	V(PVTLB_BOOT_PV_LOCK_INIT, 4, pv_lock_init)                                                \
	V(PVTLB_BOOT_PV_TLB_INIT, 5, pv_tlb_init)                                                  \
	V(PVTLB_BOOT_SMP, 6, smp)                                                                  \
	V(PVTLB_BOOT_SCENARIO, 7, scenario)                                                        \
	V(PVTLB_BOOT_DONE, 8, done)                                                                \
	V(PVTLB_BOOT_BACKEND_REFUSED, 9, backend_refused) /* has "refused" */

enum pvtlb_boot_step { PVTLB_BOOT_STEPS(PVTLB_VALUE) };

/* Why a backend did not install itself; the guest goes on with native flushes. */
#define PVTLB_REFUSALS(V)                                                                          \
	V(PVTLB_REFUSED_NOT, 0, no)                                                                \
	V(PVTLB_REFUSED_NO_HYPERVISOR, 1, no_hypervisor) /* its signature is not in CPUID */       \
	V(PVTLB_REFUSED_NO_FEATURE, 2, no_feature)	 /* one that it needs is not */            \
	V(PVTLB_REFUSED_HINT, 3, hint)			 /* the hypervisor advises against it */   \
	V(PVTLB_REFUSED_MWAIT, 4, mwait)     /* CPUs that idle in mwait are never preempted */     \
	V(PVTLB_REFUSED_ONE_CPU, 5, one_cpu) /* there is nobody to flush */

enum pvtlb_refused { PVTLB_REFUSALS(PVTLB_VALUE) PVTLB_REFUSED_NR };

/*
 * GATE and LOOP: cycles, least of many. OVERFLUSH: a flush of one page has flushed another one, too.
 */
#define PVTLB_MEASURES(V)                                                                          \
	V(PVTLB_MEASURE_GATE, 1, gate) /* there and back through the gate into ring 0 */           \
	V(PVTLB_MEASURE_LOOP, 2, loop) /* 1000 turns of a loop at ring 3 */                        \
	V(PVTLB_MEASURE_OVERFLUSH, 3, overflush) /* enum pvtlb_overflush */                        \
	V(PVTLB_MEASURE_CYCLES, 4, cycles)	 /* of one of what the trial's step is about */     \
	V(PVTLB_MEASURE_SYNC_IPIS, 5, sync_ipis) /* sent for syncs, while it counted */            \
	V(PVTLB_MEASURE_FLUSH_IPIS, 6, flush_ipis) /* for flushes */                               \
	V(PVTLB_MEASURE_WORK, 7, work) /* turns of what the other CPUs did meanwhile */

enum pvtlb_measure { PVTLB_MEASURES(PVTLB_VALUE) };

enum pvtlb_overflush { PVTLB_OVERFLUSH_NO, PVTLB_OVERFLUSH_YES, PVTLB_OVERFLUSH_UNSEEN };

/* Why a backend left a CPU out. */
#define PVTLB_ELIDEDS(V)                                                                           \
	V(PVTLB_ELIDED_PREEMPTED, 1, preempted) /* its flush is the host's, before it runs again */ \
	V(PVTLB_ELIDED_LAZY, 2, lazy)		/* it catches up when it leaves lazy TLB mode */   \
	V(PVTLB_ELIDED_OFFLINE, 3, offline)

enum pvtlb_elided { PVTLB_ELIDEDS(PVTLB_VALUE) };

/* What flush_tlb_func() did. */
#define PVTLB_FLUSH_HOWS(V)                                                                        \
	V(PVTLB_FLUSHED_NOT_LOADED, 1, not_loaded) /* the mm is not: nothing to flush */           \
	V(PVTLB_FLUSHED_LAZY, 2, lazy)		   /* lazy: went to init_mm instead */             \
	V(PVTLB_FLUSHED_CURRENT, 3, current)	   /* already as new as the request */             \
	V(PVTLB_FLUSHED_PARTIAL, 4, partial)                                                       \
	V(PVTLB_FLUSHED_FULL, 5, full)

enum pvtlb_flush_how { PVTLB_FLUSH_HOWS(PVTLB_VALUE) };

/* Who keeps the tables from being freed under a walk. */
#define PVTLB_WALKS(V)                                                                             \
	V(PVTLB_WALK_GUP, 1, gup) /* IRQs off, as in gup_fast: the interrupt it does not take */   \
	V(PVTLB_WALK_RCU, 2, rcu) /* IRQs on, rcu_read_lock(): a grace period */

enum pvtlb_walk { PVTLB_WALKS(PVTLB_VALUE) };

#define PVTLB_WALK_OUTCOMES(V)                                                                     \
	V(PVTLB_WALK_PAGE, 1, page)	  /* took a reference on page */                           \
	V(PVTLB_WALK_NONE, 2, none)	  /* nothing mapped there */                               \
	V(PVTLB_WALK_CHANGED, 3, changed) /* an entry was no longer what it had been: given up */

enum pvtlb_walk_outcome { PVTLB_WALK_OUTCOMES(PVTLB_VALUE) };

/* What a CR3 load removes of what is cached of user space. */
#define PVTLB_DROPS(V)                                                                             \
	V(PVTLB_DROPS_NOTHING, 1, nothing) /* CR4.PCIDE, bit 63 set */                             \
	V(PVTLB_DROPS_TAG, 2, tag)	   /* CR4.PCIDE, bit 63 clear: of the new tag */           \
	V(PVTLB_DROPS_ALL, 3, all)	   /* no CR4.PCIDE: of every tag */

enum pvtlb_drops { PVTLB_DROPS(PVTLB_VALUE) };

/* Calls of an mm, which leave their range clean when they return. */
#define PVTLB_MM_CALLS(V)                                                                          \
	V(PVTLB_MM_MUNMAP, 1, munmap)                                                              \
	V(PVTLB_MM_ZAP, 2, zap) /* madvise(MADV_DONTNEED): the tables stay */                      \
	V(PVTLB_MM_ZAP_HUGE, 3, zap_huge)                                                          \
	V(PVTLB_MM_EXIT, 4, exit)                                                                  \
	V(PVTLB_MM_COLLAPSE, 5, collapse)                                                          \
	V(PVTLB_MM_UNSHARE, 6, unshare)                                                            \
	V(PVTLB_MM_PROTECT, 7, mprotect)                                                           \
	V(PVTLB_MM_MREMAP, 8, mremap)                                                              \
	V(PVTLB_MM_BATCH, 9, batch) /* of unmappings, flushed all at once */                       \
	V(PVTLB_MM_FLUSH, 10, flush) /* of entries that the caller has changed before */

enum pvtlb_mm_call { PVTLB_MM_CALLS(PVTLB_VALUE) };

#define PVTLB_ACCESS_OPS(V)                                                                        \
	V(PVTLB_ACCESS_READ, 1, read)                                                              \
	V(PVTLB_ACCESS_WRITE, 2, write)

enum pvtlb_access_op { PVTLB_ACCESS_OPS(PVTLB_VALUE) };

/* With OK, the event's value is the guest-physical address that was reached. */
#define PVTLB_ACCESS_OUTCOMES(V)                                                                   \
	V(PVTLB_ACCESS_OK, 1, ok)                                                                  \
	V(PVTLB_ACCESS_NOT_PRESENT, 2, not_present)                                                \
	V(PVTLB_ACCESS_PROTECTED, 3, protected)

enum pvtlb_access_outcome { PVTLB_ACCESS_OUTCOMES(PVTLB_VALUE) };

#endif
