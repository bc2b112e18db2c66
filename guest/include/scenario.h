/* SPDX-License-Identifier: GPL-2.0-only */
/* What a scenario may use, all of it. Opaque mm, no internals of the model behind it. */
#ifndef GUEST_SCENARIO_H
#define GUEST_SCENARIO_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <pvtlb/event.h>
#include <pvtlb/image.h>

/* Describes a scenario in the image; the VMM's list is made from these. */
#define SCENARIO(ident, ...)                                                                       \
	static const struct pvtlb_scenario scenario_##ident __used __aligned(8) __section(".scenarios") = \
		__VA_ARGS__
#define SCENARIO_FN(fn) ((gva_t)(fn))

/*
 * Hold rules. A walker that has loaded an entry of the table through which 2^level bytes are
 * mapped is held, with the pointer it found there, until the trial's next step. One that was
 * let go to take an IPI, and took it, is held again before it goes on with that pointer.
 */
#define HOLD_WALKER_BELOW(who, level)                                                              \
	{                                                                                          \
		.cpus = (who), PVTLB_HOLD_AT(WALK_LOAD, shift, level), PVTLB_HOLD_UNTIL_ANY(TRIAL) \
	}
#define HOLD_WALKERS_BELOW(level) HOLD_WALKER_BELOW(PVTLB_HOLD_WORKERS, level)
#define HOLD_AGAIN_BELOW(level)                                                                    \
	{                                                                                          \
		.cpus = PVTLB_HOLD_WORKERS, PVTLB_HOLD_AT(WALK_NEXT, shift, (level)-9),            \
		PVTLB_HOLD_UNTIL_ANY(TRIAL)                                                        \
	}

struct mm_struct;

/* Address spaces. */
struct mm_struct *scn_mm_create(void);
void scn_mm_destroy(struct mm_struct *mm);
void scn_switch_mm(struct mm_struct *mm); /* NULL: to the kernel's own */

/* Memory: page is a guest-physical address; each 4 KiB of it starts with its own address. */
enum scn_size { SCN_4K = 12, SCN_2M = 21 };
u64 scn_page_alloc(enum scn_size size);

/* Mapping: stores the entry, flushes nothing. */
void scn_map(struct mm_struct *mm, u64 addr, u64 page, bool writable, enum scn_size size);
/*
 * Replace the table that holds addr's 4 KiB entry by a copy in which addr maps page. Returns
 * the old table, which may be freed when no CPU can use it any more. Flushes nothing.
 */
u64 scn_swap_table(struct mm_struct *mm, u64 addr, u64 page, bool writable);
void scn_table_free(u64 table);
void scn_unmap(struct mm_struct *mm, u64 addr, enum scn_size size);

/*
 * Unmapping as the kernel does it, flushed and freed. What was mapped in the range loses the
 * reference it came with from scn_page_alloc(). Tables that lie wholly in the range are freed:
 */
enum scn_freeing {
	SCN_BATCHED,	 /* in a batch, behind a grace period: in scn_rcu_barrier() */
	SCN_ONE_BY_RCU, /* there is no page for a batch; CONFIG_PT_RECLAIM=y: behind one, too */
	SCN_ONE_SYNCED, /* there is none; CONFIG_PT_RECLAIM=n: after tlb_remove_table_sync_rcu() */
};
void scn_munmap(struct mm_struct *mm, u64 start, u64 end, enum scn_freeing how);
/*
 * One unmapping of two ranges, each flushed by itself: the first one's tables as SCN_BATCHED,
 * the second one's as SCN_ONE_SYNCED.
 */
void scn_munmap_begin(struct mm_struct *mm, u64 start, u64 end);
void scn_munmap_end(u64 start, u64 end);
void scn_zap(struct mm_struct *mm, u64 start, u64 end); /* tables stay */
void scn_rcu_barrier(void);

/*
 * khugepaged: the small pages of the 2 MiB around addr become huge, and their table is
 * deposited. flush: as it must be, or left out. scn_zap_huge() unmaps the huge page and frees
 * that table at once.
 */
void scn_collapse(struct mm_struct *mm, u64 addr, u64 huge, bool flush);
void scn_zap_huge(struct mm_struct *mm, u64 addr);

/* hugetlb: `to` uses `from`'s PMD table for the GiB around addr; mm does so no longer. */
void scn_share_pmd(struct mm_struct *from, struct mm_struct *to, u64 addr);
void scn_unshare_pmd(struct mm_struct *mm, u64 addr);

/* Lockless walks of the loaded mm: with IRQs off (gup_fast), and in an RCU read section. */
void scn_gup(u64 addr);
void scn_rcu_walk(u64 addr);

/* Nothing of the mm is loaded here any more; its mask has the CPU still. */
void scn_leave_mm(void);
/* The mm's next flush may ask CPUs that have left it to clear their bits, once. */
void scn_trim_due(struct mm_struct *mm);

/* This CPU runs a kernel thread for a while, and keeps the mm: until scn_switch_mm(). */
void scn_enter_lazy(void);
/* The mm moves to a global ASID, or has; false where the CPU has none. */
bool scn_asid_transition(struct mm_struct *mm, bool transition);

/* Flushing. end 0: everything. */
void scn_flush(struct mm_struct *mm, u64 start, u64 end, enum scn_size size, bool wake_lazy);
/* The backend's own flush of these CPUs, whatever is loaded where. */
void scn_flush_cpus(struct mm_struct *mm, u64 start, u64 end, enum scn_size size, bool wake_lazy,
		     const struct pvtlb_cpuset *cpus);
/* Was the page accessed since the last time? By a CPU that had to walk to it, that is. */
bool scn_test_clear_accessed(struct mm_struct *mm, u64 addr, enum scn_size size);
void scn_sync_one(void);
void scn_sync_rcu(void);
bool scn_key(void);

/*
 * Access memory of the mm and report what was reached, or the fault, in an event. Does nothing
 * when the mm is not loaded.
 */
void scn_access(struct mm_struct *mm, u64 addr, enum pvtlb_access_op op);

/* The run. CPU 0 leads; the others are workers. */
unsigned int scn_cpu(void);
unsigned int scn_nr_cpus(void);
unsigned int scn_trials(void);
/* A step of a trial begins; both count from 0. */
void scn_step(unsigned int trial, unsigned int step);
void scn_measure(enum pvtlb_measure what, u64 value);

/*
 * The leader releases the workers into the next phase and gathers them when they have arrived.
 * Between a gather and the next release no worker is interrupted by this machinery.
 */
void scn_release(void);
void scn_gather(void);
/* The leader's whole phase: release, do its own part, gather. */
void scn_phase(void (*what)(void));
void scn_wait_release(void);
void scn_arrive(void);
void scn_relax(void); /* in every spin */
/* Spin until *word is value or more, letting others run: for a CPU that must stay awake. */
void scn_spin_until(const u32 *word, u32 value);

/*
 * Holding: the scenario's hold rules are in force, unless the run is a free one. A CPU that is
 * held is as a preempted one: it does not run, and no other CPU can tell.
 */
bool scn_free_running(void);
/* All CPUs that the first rule is about are held. Returns at once in a free run. */
void scn_wait_held(void);
bool scn_held(unsigned int cpu);

/*
 * A race. Each trial has so many rounds, and in each one `prepare` sets the tables up, workers
 * `walk`, and while they are held in it, or at a random moment of a free run, CPU 0 does the
 * `change`. Then it begins the next step of the trial, which is what rules wait for; when all
 * are through there is a look `after` it, and `restore`.
 */
struct scn_race {
	unsigned int rounds;   /* of a trial; 0: 1 */
	void (*enter)(void);   /* every CPU, once, before the first trial */
	void (*prepare)(void); /* CPU 0; may be NULL, as the rest */
	void (*walk)(void);    /* every worker */
	void (*change)(unsigned int round);
	void (*after)(void);   /* every CPU, after the walk and the change; a look, say */
	void (*restore)(void); /* CPU 0 */
};
void scn_race_lead(const struct scn_race *race);
void scn_race_work(const struct scn_race *race);

/*
 * What a CPU does, with IRQs off, between an injected fault's wrong step and the right one:
 * wait until the harm is possible, and look.
 */
void scn_fault_window(void (*look)(void));

/* Cycles that a trip into ring 0 takes, and 1000 turns of a loop here; least of many. */
void scn_measure_ring0(void);

/* A hypercall of the host's own KVM; number and result are in an event. -PVTLB_ENOSYS: none. */
void scn_host_call(u64 nr);

/* For diagnostics only: go wrong in a way the VMM must survive. */
void scn_spin_forever(void);
void scn_call(u32 nr, const void *payload, u32 len); /* number and status are in an event */
void scn_irqs_off(void);
void scn_triple_fault(void);

#endif
