/* SPDX-License-Identifier: GPL-2.0-only */
/* The events: one table that is the enum, the names, the arguments and their documentation. */
#ifndef PVTLB_EVENT_H
#define PVTLB_EVENT_H

#include <stddef.h>

#include "pvtlb/event_names.h"
#include "pvtlb/types.h"

/*
 * The vector of an IPI that only wakes a CPU which sleeps until a word in memory changes, as events
 * name it. It is Linux's RESCHEDULE_VECTOR. It flushes nothing, but is an interrupt like any other.
 */
#define PVTLB_WAKE_VECTOR 0xfd

/*
 * What an argument is: how it is printed and read (vmm/events/value.c), and the type it has in
 * its event's struct. K(ID, type, "what it is").
 */
#define PVTLB_KINDS(K)                                                                             \
	K(COUNT, uint64_t, "a plain number")                                                       \
	K(SEQ, uint64_t, "the number of an event")                                                 \
	K(MM, uint64_t, "an address space")                                                        \
	K(CPU, uint64_t, "a CPU")                                                                  \
	K(CPUS, struct pvtlb_cpuset, "a set of CPUs")                                              \
	K(GVA, gva_t, "a guest-virtual address")                                                   \
	K(GPA, gpa_t, "a guest-physical address")                                                  \
	K(SPACE, uint64_t, "an address space, by its pgd's guest-physical address")                \
	K(TABLE, gpa_t, "a page table, by its guest-physical address")                             \
	K(END, gva_t, "where a range ends")                                                        \
	K(SHIFT, uint64_t, "a size, of which the argument is the base-2 logarithm")                \
	K(PTE, uint64_t, "an entry of a page table")                                               \
	K(HEX, uint64_t, "a code")                                                                 \
	K(STATUS, int64_t, "what a call returned")                                                 \
	K(BOOL, uint64_t, "yes or no")                                                             \
	K(FAULT, uint64_t, "an injected fault")

/* Kinds that have names for their values: N(ID, the table of them, in event_names.h). */
#define PVTLB_NAMED_KINDS(N)                                                                       \
	N(BOOT_STEP, PVTLB_BOOT_STEPS)                                                             \
	N(REFUSED, PVTLB_REFUSALS)                                                                 \
	N(MEASURE, PVTLB_MEASURES)                                                                 \
	N(ELIDED, PVTLB_ELIDEDS)                                                                   \
	N(FLUSH_HOW, PVTLB_FLUSH_HOWS)                                                             \
	N(WALK, PVTLB_WALKS)                                                                       \
	N(WALK_OUTCOME, PVTLB_WALK_OUTCOMES)                                                       \
	N(DROPS, PVTLB_DROPS)                                                                      \
	N(MM_CALL, PVTLB_MM_CALLS)                                                                 \
	N(ACCESS_OP, PVTLB_ACCESS_OPS)                                                             \
	N(ACCESS_OUTCOME, PVTLB_ACCESS_OUTCOMES)

enum pvtlb_kind {
#define K(id, ...) PVTLB_KIND_##id,
	PVTLB_KINDS(K)
	PVTLB_NAMED_KINDS(K)
#undef K
	PVTLB_KIND_NR,
};

#define K(id, type, ...) typedef type pvtlb_kind_##id;
PVTLB_KINDS(K)
#undef K
#define N(id, ...) typedef uint64_t pvtlb_kind_##id;
PVTLB_NAMED_KINDS(N)
#undef N

/*
 * X(ID, name, "what happened", F(KIND, argument) ...). An event is struct ev_name in one that
 * is stored, e->name.argument, and PVTLB_EV_ID. What is not used is 0.
 *
 * Page tables: "table" is the table's address, "gen" counts the times that page has been made a
 * table, and through it 2^"shift" bytes are mapped: 21 for a table of 4 KiB entries, 48 for the
 * topmost one. "since" is the last event before the load, as for an access.
 *
 * HYPERCALL with another status than 0, between a flush's begin and end: the backend goes on
 * with native_flush_tlb_multi(), which interrupts. nr 0: it has not even called.
 *
 * CR3, INVLPG and INVLPGB come before the instruction, TLBSYNC after it. "tag" is what the CPU
 * caches under from then on: a PCID, or a global ASID; 0: neither. The mm that is left may still
 * be used until SWITCH_MM.
 *
 * ASK, with an ASK_RANGE for each of its ranges (end ~0: all pages), is what a guest asks of its
 * hypervisor, read back from where the hypervisor will find it. What became of it HYPERCALL says.
 *
 * SERVE and SERVED are written by a VMM that plays a backend's hypervisor, on behalf of the CPU
 * that called: SERVE before it lays the flush upon any CPU, SERVED for each range (end ~0: all
 * pages) with the CPUs that were found out of guest mode since. Each of these emits FLUSHED
 * before its next instruction. Not what the host may have flushed besides.
 *
 * HELD and RESUMED are written by the VMM: "at" is the event at which the CPU is held, "by" the
 * one that released it (0: the end of the run). With "preempts" the CPU goes on to spin in
 * guest mode, until the host is made to take its CPU away.
 */
#define PVTLB_EVENTS(X, F)                                                                         \
	X(BOOT, boot, "boot reached a step", F(BOOT_STEP, step) F(BOOL, late)                      \
	  F(REFUSED, refused))                                                                     \
	X(KEY, key, "native_pv_tlb_init() decided", F(GVA, flush_tlb_multi) F(GVA, native)         \
	  F(BOOL, invlpgb) F(BOOL, enabled))                                                       \
	X(PATCH, patch, "a static-branch site was rewritten", F(GVA, site) F(GVA, key)             \
	  F(BOOL, enabled))                                                                        \
	X(CPU_UP, cpu_up, "the CPU is online", F(CPU, cpu))                                        \
	X(CPU_DOWN, cpu_down, "the CPU is no longer online", F(CPU, cpu))                          \
	X(IRQ_ENTRY, irq_entry, "the CPU took an interrupt", F(HEX, vector))                       \
	X(IRQ_EXIT, irq_exit, "the CPU returned from it", F(HEX, vector))                          \
	X(IRQ_PEND, irq_pend, "an interrupt waits for IRQs to be enabled", F(HEX, vector))         \
	X(IRQ_REPEAT, irq_repeat, "the host delivered interrupts with IF clear; dropped",          \
	  F(HEX, vector) F(COUNT, count))                                                          \
	X(IPI_SEND, ipi_send, "an IPI was sent", F(CPU, cpu) F(HEX, vector))                       \
	X(WAIT, wait, "the CPU waits for cpu to make word 0; over: it has", F(CPU, cpu)            \
	  F(GPA, word) F(BOOL, over))                                                              \
	X(SWITCH_BEGIN, switch_begin, "the CPU is about to leave its mm for another", F(MM, mm)    \
	  F(MM, prev))                                                                             \
	X(SWITCH_MM, switch_mm, "the CPU loaded an mm, or left lazy TLB mode", F(MM, mm)           \
	  F(MM, prev) F(COUNT, tlb_gen) F(BOOL, cr3))                                              \
	X(LAZY, lazy, "the CPU entered lazy TLB mode", F(MM, mm))                                  \
	X(ASID, asid, "an mm is in transition to a global ASID, or no longer", F(MM, mm)           \
	  F(BOOL, transition) F(COUNT, asid))                                                      \
	X(MMAP_UNLOCK, mmap_unlock, "a writer of the mm's mmap_lock is through", F(MM, mm))        \
	X(PTE_SET, pte_set,                                                                        \
	  "a leaf entry is about to be stored; size: what it maps", F(MM, mm) F(GVA, addr)         \
	  F(PTE, old) F(PTE, new) F(SHIFT, shift))                                                 \
	X(PTE_STORED, pte_stored,                                                                  \
	  "an entry has been stored; size: as in the event that announced it", F(MM, mm)           \
	  F(GVA, addr) F(SHIFT, shift))                                                            \
	X(TABLE_ALLOC, table_alloc, "a page became a page table", F(TABLE, table) F(COUNT, gen))   \
	X(TABLE_HOOK, table_hook,                                                                  \
	  "an entry is about to point to the table; size: what the table maps", F(MM, mm)          \
	  F(GVA, addr) F(TABLE, table) F(COUNT, gen) F(SHIFT, shift))                              \
	X(TABLE_UNHOOK, table_unhook,                                                              \
	  "the entry that points to the table, which maps size, is about to be cleared",           \
	  F(MM, mm) F(GVA, addr) F(TABLE, table) F(COUNT, gen) F(SHIFT, shift))                    \
	X(TABLE_DEPOSIT, table_deposit, "the table is put aside, to be used again",                \
	  F(TABLE, table) F(COUNT, gen) F(MM, mm))                                                 \
	X(TABLE_OWN, table_own, "unshared: from now on mm alone may change the table",             \
	  F(TABLE, table) F(COUNT, gen) F(MM, mm))                                                 \
	X(TABLE_FREE, table_free, "the table is freed; filled with poison", F(TABLE, table)        \
	  F(COUNT, gen) F(PTE, poison))                                                            \
	X(GATHER, gather, "tlb_flush() of an mmu_gather", F(MM, mm) F(GVA, start) F(END, end)      \
	  F(BOOL, freed_tables) F(BOOL, unshared_tables) F(BOOL, fullmm))                          \
	X(FLUSH_BEGIN, flush_begin, "flush_tlb_mm_range() began", F(MM, mm) F(GVA, start)          \
	  F(END, end) F(COUNT, tlb_gen) F(BOOL, wake_lazy) F(SHIFT, shift))                        \
	X(FLUSH_MULTI, flush_multi, "the flush goes to these CPUs", F(CPUS, cpus))                 \
	X(PREEMPTED, preempted, "a backend has found the CPU preempted, and may leave it out",     \
	  F(CPU, cpu))                                                                             \
	X(ELIDED, elided, "a backend left the CPU out", F(CPU, cpu) F(ELIDED, why))                \
	X(FLUSH_ENTER, flush_enter, "flush_tlb_func() began here", F(MM, mm) F(COUNT, tlb_gen)     \
	  F(CPU, initiator))                                                                       \
	X(FLUSH_FUNC, flush_func, "flush_tlb_func() is done here", F(MM, mm) F(COUNT, tlb_gen)     \
	  F(FLUSH_HOW, how) F(CPU, initiator))                                                     \
	X(FLUSH_END, flush_end, "flush_tlb_mm_range() returns", F(MM, mm) F(COUNT, tlb_gen))       \
	X(SYNC, sync, "tlb_remove_table_sync_*(); whom it interrupts, unless it is skipped",       \
	  F(BOOL, rcu) F(BOOL, skipped) F(CPUS, cpus))                                             \
	X(GRACE, grace, "synchronize_rcu(): begins, returns", F(BOOL, returns))                    \
	X(WALK_BEGIN, walk_begin, "a lockless walk begins", F(MM, mm) F(GVA, addr) F(WALK, kind)   \
	  F(BOOL, irqs_off))                                                                       \
	X(WALK_LOAD, walk_load,                                                                    \
	  "the walk has loaded an entry of a table, which maps size", F(TABLE, table)              \
	  F(COUNT, gen) F(SHIFT, shift) F(PTE, entry) F(SEQ, since))                               \
	X(WALK_NEXT, walk_next,                                                                    \
	  "the walk is about to dereference a table, which maps size", F(TABLE, table)             \
	  F(COUNT, gen) F(SHIFT, shift))                                                           \
	X(WALK_END, walk_end, "the walk is over", F(WALK_OUTCOME, outcome) F(GPA, page))           \
	X(HYPERCALL, hypercall, "the guest called its hypervisor", F(HEX, nr) F(STATUS, status))   \
	X(ACCESS, access, "a scenario looked through a translation", F(MM, mm) F(GVA, addr)        \
	  F(ACCESS_OP, op) F(ACCESS_OUTCOME, outcome) F(GPA, value) F(SEQ, since))                 \
	X(MEASURE, measure, "a scenario has measured", F(MEASURE, what) F(COUNT, value))           \
	X(TRIAL, trial, "a trial of the scenario begins", F(COUNT, trial) F(COUNT, step))          \
	X(FAULT, fault, "an injected fault was applied", F(FAULT, fault) F(CPU, cpu))              \
	X(HELD, held, "the VMM holds the CPU, outside of guest mode", F(SEQ, at)                   \
	  F(BOOL, preempts))                                                                       \
	X(RESUMED, resumed, "the VMM lets the CPU go on", F(SEQ, by))                              \
	X(SERVED, served, "the VMM has flushed these CPUs, for this one", F(GVA, start)            \
	  F(END, end) F(CPUS, cpus)) \
	X(SERVE, serve, "the VMM is about to flush these CPUs, for this one", F(SPACE, space)      \
	  F(CPUS, cpus))                                                                           \
	X(DEFERRED, deferred, "the CPU was asked, while away, to flush before it goes on",         \
	  F(HEX, flags))                                                                           \
	X(FLUSHED, flushed, "outside of guest mode; when it is back its flush is done",            \
	  F(COUNT, exits))                                                                         \
	X(MM, mm, "an mm has this pgd and the page behind it; 0: none any more", F(MM, mm)         \
	  F(TABLE, pgd))                                                                           \
	X(CR3, cr3, "CR3 is about to be loaded", F(HEX, cr3) F(COUNT, tag) F(DROPS, drops))        \
	X(INVLPG, invlpg, "INVLPG is about to be executed", F(GVA, addr))                          \
	X(INVLPGB, invlpgb, "INVLPGB is about to be executed", F(HEX, rax) F(HEX, ecx)             \
	  F(HEX, edx))                                                                             \
	X(TLBSYNC, tlbsync, "TLBSYNC is over", F(STATUS, status))                                  \
	X(ASK, ask, "a hypervisor is about to be asked to flush these CPUs", F(SPACE, space)       \
	  F(CPUS, cpus))                                                                           \
	X(ASK_RANGE, ask_range, "these pages of them", F(GVA, start) F(END, end))                  \
	X(FLUSH_ONLY, flush_only, "the flush is for these CPUs, whoever else has the mm",          \
	  F(CPUS, cpus))                                                                           \
	X(RETURNS, returns, "a call of the mm returns: its range is clean", F(MM, mm)              \
	  F(MM_CALL, call) F(GVA, start) F(END, end) F(SEQ, since))                                \
	X(PAGE_ALLOC, page_alloc, "the page has a new owner", F(GPA, page) F(SHIFT, shift))        \
	X(PAGE_FREE, page_free, "the page's last reference is gone, and soon it is free",          \
	  F(GPA, page) F(SHIFT, shift))                                                            \
	X(WALK_GRAB, walk_grab, "the walk has a reference, and looks again at what led there",     \
	  F(GPA, page))                                                                            \
	X(PGD_STORED, pgd_stored, "an entry of this pgd, of the mm's two, has been stored",        \
	  F(MM, mm) F(GVA, addr) F(TABLE, pgd))                                                    \
	X(GATHERING, gathering, "an mmu_gather has begun; over: it is to finish, and asks for others", \
	  F(MM, mm) F(BOOL, over))                                                                 \
	X(LAZY_OVER, lazy_over, "the CPU is about to say that it is not lazy any more",            \
	  F(MM, mm))                                                                               \
	X(GLOBAL_ASID, global_asid, "the mm has a global ASID, for all to see", F(MM, mm)          \
	  F(COUNT, asid))                                                                          \
	X(PENDING, pending, "the CPU has asked whether a batch of the mm is still to be flushed",  \
	  F(MM, mm) F(BOOL, batched))                                                              \
	X(WALK_LOST, walk_lost, "what the walk reads from here on is not seen, and not judged",    \
	  F(GVA, addr))

enum pvtlb_event_id {
	PVTLB_EV_NONE = 0,
#define X(id, ...) PVTLB_EV_##id,
	PVTLB_EVENTS(X, )
#undef X
	PVTLB_EV_NR,
};

/* A set of events: event n is bit n % 64 of word n / 64. */
#define PVTLB_EVENT_SET_WORDS ((PVTLB_EV_NR + 63) / 64)

struct pvtlb_event_set {
	uint64_t bits[PVTLB_EVENT_SET_WORDS];
};

static inline int pvtlb_event_set_has(const struct pvtlb_event_set *set, unsigned int id)
{
	return set->bits[id / 64] >> (id % 64) & 1;
}

#define PVTLB_EVENT_ARGS 6 /* words */

/*
 * struct ev_name: the arguments. struct pvtlb_args_ID: the same, and zeroes up to the size of
 * all, so that an initialiser sets every word.
 */
#define F(kind, arg) pvtlb_kind_##kind arg;
#define X(id, name, doc, ...)                                                                      \
	struct ev_##name {                                                                         \
		__VA_ARGS__                                                                        \
	};                                                                                         \
	struct pvtlb_args_##id {                                                                   \
		struct ev_##name args;                                                             \
		uint64_t rest[PVTLB_EVENT_ARGS - sizeof(struct ev_##name) / sizeof(uint64_t)];     \
	};
PVTLB_EVENTS(X, F)
#undef X
#undef F

/* Which word of an event an argument is: PVTLB_ARG(ACCESS, op). */
#define PVTLB_ARG(id, arg) (offsetof(struct pvtlb_args_##id, args.arg) / sizeof(uint64_t))

/* A line of source that emits events. */
struct pvtlb_source {
	char file[60]; /* its path in the repository; NUL-terminated */
	uint32_t line; /* from 1 */
};

/* One event, 64 bytes. seq is written last and is never 0 in a committed event. */
struct pvtlb_event {
	uint64_t seq; /* place in the one order of all CPUs' events, from 1, no gaps */
	uint16_t id;  /* enum pvtlb_event_id */
	uint16_t cpu;
	uint32_t source; /* the line that emitted it, from 1 in the table of sources; 0: unknown */
	union {
		uint64_t arg[PVTLB_EVENT_ARGS];
#define X(id, name, ...)                                                                           \
	struct ev_##name name;                                                                     \
	struct pvtlb_args_##id all_##id;
		PVTLB_EVENTS(X, )
#undef X
	};
};

/* An event as an initialiser, its arguments by place or by name: PVTLB_EVENT(3, SYNC, .rcu = 1). */
#define PVTLB_EVENT(which, ev, ...)                                                                \
	{                                                                                          \
		.id = PVTLB_EV_##ev, .cpu = (which), .all_##ev = { { __VA_ARGS__ } }               \
	}

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

#endif
