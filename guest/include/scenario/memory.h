/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scenario can do with memory: an mm is opaque, and nothing here tells whose it is. A
 * second mm behind this header has to provide all of it.
 */
#ifndef GUEST_SCENARIO_MEMORY_H
#define GUEST_SCENARIO_MEMORY_H

#include <linux/types.h>
#include <pvtlb/event.h>

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
/* A page of its own for addr, where nothing is mapped. */
void scn_fault(struct mm_struct *mm, u64 addr);
/*
 * Replace the table that holds addr's 4 KiB entry by a copy in which addr maps page. Returns
 * the old table, which may be freed when no CPU can use it any more. Flushes nothing.
 */
u64 scn_swap_table(struct mm_struct *mm, u64 addr, u64 page, bool writable);
void scn_table_free(u64 table);
void scn_unmap(struct mm_struct *mm, u64 addr, enum scn_size size);
u64 scn_unmap_page(struct mm_struct *mm, u64 addr); /* a small one, which is returned */

/*
 * Unmapping as the kernel does it, flushed and freed. What was mapped in the range loses the
 * reference it came with from scn_page_alloc(). Tables that lie wholly in the range are freed:
 */
enum scn_freeing {
	SCN_BATCHED,	/* in a batch, behind a grace period: in scn_rcu_barrier() */
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

/* Small pages: rights, flushed where they are taken; and moved, to where nothing is mapped. */
void scn_protect(struct mm_struct *mm, u64 start, u64 end, bool writable);
void scn_mremap(struct mm_struct *mm, u64 from, u64 to, u64 len);
/*
 * Reclaim: small pages are unmapped here, and there, and flushed and freed all at once. Of one
 * CPU, up to 64 pages between two flushes.
 */
void scn_reclaim(struct mm_struct *mm, u64 start, u64 end);
void scn_reclaim_flush(void);

/*
 * The kernel's own: the address of a page, the same in every mm; scn_map() and scn_flush() for
 * those. To be had in setup() only. They are accessed with mm NULL.
 */
u64 scn_vmalloc(void);
void scn_vmap(u64 addr, u64 page);
void scn_flush_kernel(u64 start, u64 end);

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
void scn_rcu_walk_nested(u64 addr); /* with other sections inside that one */

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
 * when the mm is not loaded. NULL: the kernel's.
 */
void scn_access(struct mm_struct *mm, u64 addr, enum pvtlb_access_op op);

#endif
