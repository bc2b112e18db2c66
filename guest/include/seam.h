/* SPDX-License-Identifier: GPL-2.0-only */
/* The seam: all that a scenario may use. Opaque mm, no internals of the model behind it. */
#ifndef SEAM_H
#define SEAM_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <pvtlb/event.h>
#include <pvtlb/image.h>

/* Describes a scenario in the image; the VMM's list is made from these. */
#define SCENARIO(ident, ...)                                                                       \
	static const struct pvtlb_scenario scenario_##ident __used __aligned(8) __section(".scenarios") = \
		__VA_ARGS__
#define SCENARIO_FN(fn) ((gva_t)(fn))

struct mm_struct;

/* Address spaces. */
struct mm_struct *seam_mm_create(void);
void seam_mm_destroy(struct mm_struct *mm);
void seam_switch_mm(struct mm_struct *mm); /* NULL: to the kernel's own */

/* Memory: page is a guest-physical address; each 4 KiB of it starts with its own address. */
enum seam_size { SEAM_4K = 12, SEAM_2M = 21 };
u64 seam_page_alloc(enum seam_size size);
void seam_page_free(u64 page, enum seam_size size);

/* Mapping: stores the entry, flushes nothing. */
void seam_map(struct mm_struct *mm, u64 addr, u64 page, bool writable, enum seam_size size);
/*
 * Replace the table that holds addr's 4 KiB entry by a copy in which addr maps page. Returns
 * the old table, which may be freed when no CPU can use it any more. Flushes nothing.
 */
u64 seam_swap_table(struct mm_struct *mm, u64 addr, u64 page, bool writable);
void seam_unmap(struct mm_struct *mm, u64 addr, enum seam_size size);

/* Flushing. end 0: everything. */
void seam_flush(struct mm_struct *mm, u64 start, u64 end, enum seam_size size, bool wake_lazy);
void seam_sync_one(void);
void seam_sync_rcu(void);
bool seam_key(void);

/* Access memory of the loaded mm and report what was reached, or the fault, in an event. */
void seam_access(struct mm_struct *mm, u64 addr, enum pvtlb_access_op op);

/* The run. CPU 0 leads; the others are workers. */
unsigned int seam_cpu(void);
unsigned int seam_nr_cpus(void);
unsigned int seam_trials(void);
/* A step of a trial begins; both count from 0. */
void seam_step(unsigned int trial, unsigned int step);

/*
 * The leader releases the workers into the next phase and gathers them when they have arrived.
 * Between a gather and the next release no worker is interrupted by this machinery.
 */
void seam_release(void);
void seam_gather(void);
/* The leader's whole phase: release, do its own part, gather. */
void seam_phase(void (*what)(void));
void seam_wait_release(void);
void seam_arrive(void);
void seam_relax(void); /* in every spin */

/*
 * What a CPU does, with IRQs off, between an injected fault's wrong step and the right one:
 * wait until the harm is possible, and look.
 */
void seam_fault_window(void (*look)(void));

/* Cycles that a trip into ring 0 takes, and 1000 turns of a loop here; least of many. */
void seam_measure_ring0(void);

/* A hypercall of the host's own KVM; number and result are in an event. -PVTLB_ENOSYS: none. */
void seam_host_call(u64 nr);

/* For diagnostics only: go wrong in a way the VMM must survive. */
void seam_spin_forever(void);
void seam_call(u32 nr, const void *payload, u32 len); /* number and status are in an event */
void seam_irqs_off(void);
void seam_triple_fault(void);

#endif
