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
	X(SWITCH_MM, switch_mm, "the CPU loaded an mm", mm, prev, tlb_gen, , , )                   \
	X(PTE_SET, pte_set, "a PTE is about to be stored", mm, addr, old, new, shift, )            \
	X(FLUSH_BEGIN, flush_begin, "flush_tlb_mm_range() began", mm, start, end, tlb_gen,         \
	  wake_lazy, shift)                                                                        \
	X(FLUSH_MULTI, flush_multi, "the flush goes to these CPUs", set0, set1, set2, set3, , )    \
	X(FLUSH_FUNC, flush_func, "flush_tlb_func() ran here", mm, tlb_gen, how, initiator, , )    \
	X(FLUSH_END, flush_end, "flush_tlb_mm_range() returns", mm, tlb_gen, , , , )               \
	X(SYNC, sync, "tlb_remove_table_sync_*()", rcu, skipped, , , , )                           \
	X(HYPERCALL, hypercall, "the guest called its hypervisor", nr, status, , , , )             \
	X(ACCESS, access, "a scenario looked through a translation", mm, addr, op, outcome, value, \
	  since)                                                                                   \
	X(MEASURE, measure, "a scenario measured cycles (enum pvtlb_measure)", what, cycles, , , , )   \
	X(TRIAL, trial, "a trial of the scenario begins", trial, step, , , , )                     \
	X(FAULT, fault, "an injected fault was applied (enum pvtlb_fault)", fault, cpu, , , , )

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
};

/* PVTLB_EV_MEASURE "what": least of many. */
enum pvtlb_measure {
	PVTLB_MEASURE_GATE = 1, /* there and back through the gate into ring 0 */
	PVTLB_MEASURE_LOOP,	/* 1000 turns of a loop at ring 3 */
};

/* PVTLB_EV_FLUSH_FUNC "how" */
enum pvtlb_flush_how {
	PVTLB_FLUSHED_NOT_LOADED = 1, /* the mm is not loaded here: nothing to flush */
	PVTLB_FLUSHED_LAZY,	      /* lazy: went to init_mm instead */
	PVTLB_FLUSHED_CURRENT,	      /* already as new as the request */
	PVTLB_FLUSHED_PARTIAL,
	PVTLB_FLUSHED_FULL,
};

/* PVTLB_EV_ACCESS "op" and "outcome"; value is the guest-physical address the access reached. */
enum pvtlb_access_op { PVTLB_ACCESS_READ = 1, PVTLB_ACCESS_WRITE };
enum pvtlb_access_outcome { PVTLB_ACCESS_OK = 1, PVTLB_ACCESS_NOT_PRESENT, PVTLB_ACCESS_PROTECTED };

#endif
