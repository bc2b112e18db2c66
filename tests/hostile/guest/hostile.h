/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the hostile image share. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <pvtlb/call.h>
#include <pvtlb/event.h>

/* The machine's map (vmm/machine/layout.h), which a hostile guest knows by heart. */
#define DIRECT_MAP 0xffff888000000000ull
#define LINKED	   0xffffffff80000000ull
#define LAPIC	   0xffffffffff5fd000ull
#define DOORBELL   0xffffffffff5fc000ull

enum area_nr {
	AREA_RING_HEADS, /* this CPU's */
	AREA_RING_SLOTS,
	AREA_SEQUENCE,
	AREA_STATUS,
	AREA_CALL_BLOCKS,
	AREA_STEAL,
	AREA_FDT,
	AREA_GDT,
	AREA_IDT,
	AREA_TSS,
	AREA_BOOT_TABLES,
	AREA_LOW, /* all that is the VMM's */
	AREA_SCENARIOS,
	AREA_JUMPS,
	AREA_POLICIES,
	AREA_SOURCES,
	AREA_DESC,
	AREA_HYPERCALL_PAGE,
	AREA_PERCPU,
	AREA_FREE,
};

struct area {
	u8 *at;
	u64 len;
};

/* CPU 0, once: read the device tree. */
void areas_find(void);
struct area area(enum area_nr nr);
struct pvtlb_ring *own_ring(void);
u64 *sequence_word(void);
u64 ram_size(void);

/* By the run's seed and the CPU. */
u64 rnd(void);
u32 rnd_below(u32 n);

/* #GP, #UD and others in either ring go on two bytes further, from now on: trap.S. */
void traps_are_skipped(void);

typedef void hostile_fn(u64 arg);
hostile_fn do_nothing, scribble_random, scribble_ones;
hostile_fn events_gone, events_twice, events_of_another, events_unknown, sequence_ahead, head_ahead;
hostile_fn never_arrives, for_ever, call_bare, doorbell_storm, call_random, call_fetched_twice;
hostile_fn console_flood, tracepoint_flood, drain_flood, cpu_on_flood, panic_odd;
hostile_fn hypercall_random, msr_random, msr_hypervisor, steal_time_moves, hypercall_page_moves;
hostile_fn ports, mmio_sizes, mmio_beyond, mmio_executed, apic_random, ipi_storm;
hostile_fn control_registers, tables_anywhere;

#endif
