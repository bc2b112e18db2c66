/* SPDX-License-Identifier: GPL-2.0-only */
/* The events: one table that is the enum, the names, the arguments and their documentation. */
#ifndef PVTLB_EVENT_H
#define PVTLB_EVENT_H

#include "pvtlb/types.h"

/*
 * X(id, name, "what happened", arg0 .. arg5): an empty argument name is an argument that is
 * not used and is 0. "mm" is always a small number that names an address space, never a
 * pointer, so that the list does not assume who emits it.
 */
#define PVTLB_EVENTS(X)                                                                            \
	X(BOOT, boot, "boot reached a step (enum pvtlb_boot_step)", step, arg, , , , )             \
	X(KEY, key, "native_pv_tlb_init() decided", flush_tlb_multi, native, invlpgb, enabled, , ) \
	X(PATCH, patch, "a static-branch site was rewritten", site, key, enabled, , , )            \
	X(CPU_UP, cpu_up, "the CPU is online", cpu, , , , , )                                      \
	X(IRQ_ENTRY, irq_entry, "the CPU took an interrupt", vector, , , , , )                     \
	X(IRQ_EXIT, irq_exit, "the CPU returned from it", vector, , , , , )                        \
	X(IRQ_PEND, irq_pend, "an interrupt waits for IRQs to be enabled", vector, , , , , )       \
	X(IRQ_REPEAT, irq_repeat, "the host delivered interrupts with IF clear; dropped", vector,  \
	  count, , , , )                                                                           \
	X(IPI_SEND, ipi_send, "an IPI was sent", cpu, vector, , , , )                              \
	X(WAIT, wait, "the CPU waits for cpu to make word (a gpa) 0; over: it has", cpu, word,     \
	  over, , , )                                                                              \
	X(SWITCH_MM, switch_mm, "the CPU loaded an mm, or left lazy TLB mode", mm, prev, tlb_gen,  \
	  cr3, , )                                                                                 \
	X(LAZY, lazy, "the CPU entered lazy TLB mode", mm, , , , , )                               \
	X(ASID, asid, "an mm is in transition to a global ASID, or no longer", mm, transition, , , \
	  , )                                                                                      \
	X(PTE_SET, pte_set, "a leaf entry is about to be stored", mm, addr, old, new, shift, )     \
	X(PTE_STORED, pte_stored, "an entry, of a leaf or a table, has been stored", mm, addr,     \
	  shift, , , )                                                                             \
	X(TABLE_ALLOC, table_alloc, "a page became a page table", table, gen, , , , )              \
	X(TABLE_HOOK, table_hook, "an entry is about to point to the table", mm, addr, table, gen, \
	  shift, )                                                                                 \
	X(TABLE_UNHOOK, table_unhook, "the entry that points to the table is about to be cleared", \
	  mm, addr, table, gen, shift, )                                                           \
	X(TABLE_DEPOSIT, table_deposit, "the table is put aside, to be used again", table, gen,    \
	  mm, , , )                                                                                \
	X(TABLE_OWN, table_own, "unshared: from now on mm alone may change the table", table, gen, \
	  mm, , , )                                                                                \
	X(TABLE_FREE, table_free, "the table is freed; filled with poison", table, gen, poison, ,  \
	  , )                                                                                      \
	X(GATHER, gather, "tlb_flush() of an mmu_gather", mm, start, end, freed_tables,            \
	  unshared_tables, fullmm)                                                                 \
	X(FLUSH_BEGIN, flush_begin, "flush_tlb_mm_range() began", mm, start, end, tlb_gen,         \
	  wake_lazy, shift)                                                                        \
	X(FLUSH_MULTI, flush_multi, "the flush goes to these CPUs", set0, set1, set2, set3, , )    \
	X(ELIDED, elided, "a backend left the CPU out (enum pvtlb_elided)", cpu, why, , , , )      \
	X(FLUSH_ENTER, flush_enter, "flush_tlb_func() began here", mm, tlb_gen, initiator, , , )   \
	X(FLUSH_FUNC, flush_func, "flush_tlb_func() is done here", mm, tlb_gen, how, initiator, ,) \
	X(FLUSH_END, flush_end, "flush_tlb_mm_range() returns", mm, tlb_gen, , , , )               \
	X(SYNC, sync, "tlb_remove_table_sync_*(); the CPUs that it interrupts", rcu, skipped,      \
	  set0, set1, set2, set3)                                                                  \
	X(GRACE, grace, "synchronize_rcu(): begins, returns", returns, , , , , )                   \
	X(WALK_BEGIN, walk_begin, "a lockless walk begins (enum pvtlb_walk)", mm, addr, kind,      \
	  irqs_off, , )                                                                            \
	X(WALK_LOAD, walk_load, "the walk has loaded an entry of a table", table, gen, shift,      \
	  entry, since, )                                                                          \
	X(WALK_NEXT, walk_next, "the walk is about to dereference a table", table, gen, shift, ,   \
	  , )                                                                                      \
	X(WALK_END, walk_end, "the walk is over", outcome, page, , , , )                           \
	X(HYPERCALL, hypercall, "the guest called its hypervisor", nr, status, , , , )             \
	X(ACCESS, access, "a scenario looked through a translation", mm, addr, op, outcome, value, \
	  since)                                                                                   \
	X(MEASURE, measure, "a scenario has measured (enum pvtlb_measure)", what, cycles, , , , ) \
	X(TRIAL, trial, "a trial of the scenario begins", trial, step, , , , )                     \
	X(FAULT, fault, "an injected fault was applied (enum pvtlb_fault)", fault, cpu, , , , )    \
	X(PARK, park, "the VMM holds the CPU, outside of guest mode", at, preempts, , , , )        \
	X(UNPARK, unpark, "the VMM lets the CPU go on", by, , , , , )                              \
	X(SERVED, served, "the VMM has flushed these CPUs, for this one", start, end, set0, set1,  \
	  set2, set3)

enum pvtlb_event_id {
	PVTLB_EV_NONE = 0,
#define X(id, ...) PVTLB_EV_##id,
	PVTLB_EVENTS(X)
#undef X
	PVTLB_EV_NR,
};

#define PVTLB_EVENT_ARGS 6

/* One event, 64 bytes. seq is written last and is never 0 in a committed event. */
struct pvtlb_event {
	uint64_t seq; /* place in the one order of all CPUs' events, from 1, no gaps */
	uint16_t id;  /* enum pvtlb_event_id */
	uint16_t cpu;
	uint32_t reserved; /* 0 */
	uint64_t arg[PVTLB_EVENT_ARGS];
};

/*
 * One CPU's ring. The guest writes head and lost, the VMM writes tail; both count events from
 * 0 and never wrap back. A slot is free again when the VMM has stored 0 in its seq.
 * An event that finds the ring full is dropped, counted in lost, and leaves a gap in seq.
 */
struct pvtlb_ring {
	uint32_t version;  /* PVTLB_ABI_VERSION */
	uint32_t capacity; /* in events; a power of two */
	uint64_t head;
	uint64_t lost;
	uint64_t reserved0[5];
	uint64_t tail;
	uint64_t reserved1[7];
	struct pvtlb_event slot[];
};

/* enum pvtlb_boot_step: arg of PVTLB_EV_BOOT, in the order a correct boot goes through. */
enum pvtlb_boot_step {
	PVTLB_BOOT_START_KERNEL = 1,
	PVTLB_BOOT_SETUP_ARCH,
	PVTLB_BOOT_BACKEND_INSTALL, /* arg: 1 when late */
	PVTLB_BOOT_PV_LOCK_INIT,
	PVTLB_BOOT_PV_TLB_INIT,
	PVTLB_BOOT_SMP,
	PVTLB_BOOT_SCENARIO,
	PVTLB_BOOT_DONE,
	/* In the place of BACKEND_INSTALL: it finds no use for itself. arg: enum pvtlb_refused */
	PVTLB_BOOT_BACKEND_REFUSED,
};

/* Why a backend did not install itself; the guest goes on with native flushes. */
enum pvtlb_refused {
	PVTLB_REFUSED_NO_HYPERVISOR = 1, /* its signature is not in CPUID */
	PVTLB_REFUSED_NO_FEATURE,	 /* one that it needs is not */
	PVTLB_REFUSED_HINT,		 /* the hypervisor advises against it */
	PVTLB_REFUSED_MWAIT,		 /* CPUs that idle in mwait are never preempted */
	PVTLB_REFUSED_ONE_CPU,		 /* there is nobody to flush */
	PVTLB_REFUSED_NR,
};

/* PVTLB_EV_MEASURE "what": least of many. */
enum pvtlb_measure {
	PVTLB_MEASURE_GATE = 1, /* there and back through the gate into ring 0 */
	PVTLB_MEASURE_LOOP,	/* 1000 turns of a loop at ring 3 */
	/* No cycles: a flush of one page has flushed another one, too: enum pvtlb_overflush */
	PVTLB_MEASURE_OVERFLUSH,
};

enum pvtlb_overflush { PVTLB_OVERFLUSH_NO, PVTLB_OVERFLUSH_YES, PVTLB_OVERFLUSH_UNSEEN };

/* PVTLB_EV_ELIDED "why" */
enum pvtlb_elided {
	PVTLB_ELIDED_PREEMPTED = 1, /* its flush is the host's to do before it runs again */
	PVTLB_ELIDED_LAZY,	    /* it catches up when it leaves lazy TLB mode */
	PVTLB_ELIDED_OFFLINE,
};

/* PVTLB_EV_FLUSH_FUNC "how" */
enum pvtlb_flush_how {
	PVTLB_FLUSHED_NOT_LOADED = 1, /* the mm is not loaded here: nothing to flush */
	PVTLB_FLUSHED_LAZY,	      /* lazy: went to init_mm instead */
	PVTLB_FLUSHED_CURRENT,	      /* already as new as the request */
	PVTLB_FLUSHED_PARTIAL,
	PVTLB_FLUSHED_FULL,
};

/*
 * Page tables: "table" is its guest-physical address, "gen" counts the times that page has been
 * made a table, and through it 2^"shift" bytes are mapped: 21 for a table of 4 KiB entries, 48
 * for the topmost one. "since" is the sequence before the load, as for an access.
 *
 * PVTLB_EV_WALK_BEGIN "kind": who keeps the tables from being freed under the walk.
 */
enum pvtlb_walk {
	PVTLB_WALK_GUP = 1, /* IRQs off, as in gup_fast: the interrupt it does not take */
	PVTLB_WALK_RCU,	    /* IRQs on, rcu_read_lock(): a grace period */
};
/* PVTLB_EV_WALK_END "outcome" */
enum pvtlb_walk_outcome {
	PVTLB_WALK_PAGE = 1, /* took a reference on page */
	PVTLB_WALK_NONE,     /* nothing mapped there */
	PVTLB_WALK_CHANGED,  /* an entry was no longer what it had been: given up */
};

/*
 * PVTLB_EV_HYPERCALL with another status than 0, between a flush's begin and end: the backend
 * goes on with native_flush_tlb_multi(), which interrupts. nr 0: it has not even called.
 *
 * PVTLB_EV_SERVED is written by a VMM that plays a backend's hypervisor, on behalf of the CPU
 * that called: what it was asked for, end ~0 for everything, not what it may have done besides.
 *
 * PVTLB_EV_PARK and PVTLB_EV_UNPARK are written by the VMM: "at" is the event at which the CPU
 * is held, "by" the one that released it (0: the end of the run). With "preempts" the CPU goes
 * on to spin in guest mode, until the host is made to take its CPU away.
 */

/* PVTLB_EV_ACCESS "op" and "outcome"; value is the guest-physical address the access reached. */
enum pvtlb_access_op { PVTLB_ACCESS_READ = 1, PVTLB_ACCESS_WRITE };
enum pvtlb_access_outcome { PVTLB_ACCESS_OK = 1, PVTLB_ACCESS_NOT_PRESENT, PVTLB_ACCESS_PROTECTED };

#endif
