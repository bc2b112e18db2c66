/* SPDX-License-Identifier: GPL-2.0-only */
/* What the hostile image does: a table for the image, and for who runs it. */
#ifndef TESTS_HOSTILE_MODES_H
#define TESTS_HOSTILE_MODES_H

/* When it is done. */
enum hostile_when {
	BEFORE, /* by CPU 0, when every CPU has touched its pages, and before the flush */
	BESIDE, /* by the other CPUs, while CPU 0 changes the tables and flushes */
	ALL,	/* by every CPU, before the flush */
};

/* What must come of it. In any case: no crash, no hang beyond the limit, no memory without end. */
enum hostile_may {
	HONEST, /* nothing was done: it has to pass */
	NEVER,	/* what the run says hangs on it: it must not pass */
	AS_IS,	/* if it passes, it says what it says when nothing was done */
	OWN,	/* the guest's own data, by which it may do less; what it says that it did, it did */
};

/* M(name, when, may, function of the image, its argument) */
#define HOSTILE_AREAS(M, name, area)                                                               \
	M(name##_random, BESIDE, AS_IS, scribble_random, area)                                     \
	M(name##_ones, BEFORE, AS_IS, scribble_ones, area)

#define HOSTILE_MODES(M)                                                                           \
	M(none, BEFORE, HONEST, do_nothing, 0)                                                     \
	/* What the VMM and the guest share. */                                                    \
	HOSTILE_AREAS(M, ring_heads, AREA_RING_HEADS)                                              \
	HOSTILE_AREAS(M, ring_slots, AREA_RING_SLOTS)                                              \
	HOSTILE_AREAS(M, sequence, AREA_SEQUENCE)                                                  \
	HOSTILE_AREAS(M, status, AREA_STATUS)                                                      \
	HOSTILE_AREAS(M, call_blocks, AREA_CALL_BLOCKS)                                            \
	HOSTILE_AREAS(M, steal_time, AREA_STEAL)                                                   \
	HOSTILE_AREAS(M, device_tree, AREA_FDT)                                                    \
	/* What the VMM has put there for the CPU. */                                              \
	HOSTILE_AREAS(M, gdt, AREA_GDT)                                                            \
	HOSTILE_AREAS(M, idt, AREA_IDT)                                                            \
	HOSTILE_AREAS(M, tss, AREA_TSS)                                                            \
	HOSTILE_AREAS(M, boot_tables, AREA_BOOT_TABLES)                                            \
	HOSTILE_AREAS(M, low, AREA_LOW)                                                            \
	/* The image's own, which the VMM has read. */                                             \
	HOSTILE_AREAS(M, scenarios, AREA_SCENARIOS)                                                \
	HOSTILE_AREAS(M, jump_table, AREA_JUMPS)                                                   \
	HOSTILE_AREAS(M, policies, AREA_POLICIES)                                                  \
	HOSTILE_AREAS(M, sources, AREA_SOURCES)                                                    \
	HOSTILE_AREAS(M, descriptor, AREA_DESC)                                                    \
	HOSTILE_AREAS(M, hypercall_page, AREA_HYPERCALL_PAGE)                                      \
	M(per_cpu_random, BESIDE, OWN, scribble_random, AREA_PERCPU)                               \
	M(per_cpu_ones, BEFORE, OWN, scribble_ones, AREA_PERCPU)                                   \
	HOSTILE_AREAS(M, free_memory, AREA_FREE)                                                   \
	/* Evidence, changed in a way that has to be found. */                                     \
	M(events_gone, BEFORE, NEVER, events_gone, 0)                                              \
	M(events_twice, BEFORE, NEVER, events_twice, 0)                                            \
	M(events_of_another, BEFORE, NEVER, events_of_another, 0)                                  \
	M(events_unknown, BEFORE, NEVER, events_unknown, 0)                                        \
	M(sequence_ahead, BEFORE, NEVER, sequence_ahead, 1000)                                     \
	M(sequence_back, BEFORE, NEVER, sequence_ahead, -2)                                        \
	M(head_ahead, BEFORE, AS_IS, head_ahead, 3)                                                \
	M(done_early, BEFORE, NEVER, call_bare, PVTLB_CALL_DONE)                                   \
	M(done_by_another, BESIDE, NEVER, call_bare, PVTLB_CALL_DONE)                              \
	M(never_arrives, BESIDE, NEVER, never_arrives, 0)                                          \
	M(doorbell_for_ever, BESIDE, NEVER, for_ever, PVTLB_CALL_YIELD)                            \
	M(drains_for_ever, BESIDE, NEVER, for_ever, PVTLB_CALL_DRAIN)                              \
	/* Calls. */                                                                               \
	M(doorbell_storm, ALL, AS_IS, doorbell_storm, 0)                                           \
	M(doorbell_beside, BESIDE, AS_IS, doorbell_storm, 0)                                       \
	M(call_random, ALL, AS_IS, call_random, 0)                                                 \
	M(call_backend, BESIDE, AS_IS, call_random, 0x100)                                         \
	M(call_fetched_twice, BESIDE, AS_IS, call_fetched_twice, 0)                                \
	M(console_flood, ALL, AS_IS, console_flood, 0)                                             \
	M(tracepoint_flood, BESIDE, AS_IS, tracepoint_flood, 0)                                    \
	M(drain_flood, BESIDE, AS_IS, drain_flood, 0)                                              \
	M(cpu_on_flood, BESIDE, AS_IS, cpu_on_flood, 0)                                            \
	M(panic_odd, BEFORE, NEVER, panic_odd, 0)                                                  \
	M(hypercall_random, BESIDE, AS_IS, hypercall_random, 0)                                    \
	M(hypercall_tables, BESIDE, AS_IS, hypercall_random, 1)                                    \
	/* The CPU, its APIC, and what KVM emulates. */                                            \
	M(msr_write, BESIDE, AS_IS, msr_random, 1)                                                 \
	M(msr_read, ALL, AS_IS, msr_random, 0)                                                     \
	M(msr_hypervisor, BESIDE, AS_IS, msr_hypervisor, 0)                                        \
	M(steal_time_moves, BESIDE, AS_IS, steal_time_moves, 0)                                    \
	M(hypercall_page_moves, BEFORE, AS_IS, hypercall_page_moves, 0)                            \
	M(ports, BESIDE, AS_IS, ports, 0)                                                          \
	M(mmio_sizes, BEFORE, AS_IS, mmio_sizes, 0)                                                \
	M(mmio_beyond, BEFORE, NEVER, mmio_beyond, 0)                                              \
	M(mmio_executed, BEFORE, NEVER, mmio_executed, 0)                                          \
	M(apic_random, BESIDE, AS_IS, apic_random, 0)                                              \
	M(ipi_storm, BESIDE, AS_IS, ipi_storm, 0)                                                  \
	M(nmi_storm, BESIDE, AS_IS, ipi_storm, 4)                                                  \
	M(init_storm, BESIDE, AS_IS, ipi_storm, 5)                                                 \
	M(sipi_storm, BESIDE, AS_IS, ipi_storm, 6)                                                 \
	M(smi_storm, BESIDE, AS_IS, ipi_storm, 2)                                                  \
	M(control_registers, BESIDE, AS_IS, control_registers, 0)                                  \
	M(tables_anywhere, BESIDE, AS_IS, tables_anywhere, 0)

#endif
