/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files under mm/ share among themselves and with the boot code only. */
#ifndef GUEST_MM_INTERNAL_H
#define GUEST_MM_INTERNAL_H

#include <asm/tlbflush.h>
#include <linux/mm_types.h>
#include <linux/percpu.h>

/* Which of an mm's two pgds this CPU loads (mm/pgtable.c). */
DECLARE_PER_CPU(u32, cpu_pgd);

/* Also a full barrier, which orders the page-table stores before the reading of the mask. */
u64 inc_mm_tlb_gen(struct mm_struct *mm);
/*
 * This CPU's description of a flush, until it is put; mm NULL: of whatever a CPU has loaded.
 * A range of many pages becomes everything.
 */
struct flush_tlb_info *get_flush_tlb_info(struct mm_struct *mm, u64 start, u64 end,
					  unsigned int stride_shift, bool wake_lazy_cpus,
					  u64 new_tlb_gen);
void put_flush_tlb_info(void);
/* By the backend's way. */
void flush_tlb_multi(const struct cpumask *cpumask, const struct flush_tlb_info *info);
/* Runs on every CPU that is told of the flush, the initiator included. IRQs are off. */
void flush_tlb_func(void *info);

/* With IRQs off. */
void switch_mm_irqs_off(struct mm_struct *next);

/* What addresses are cached under: the same on every CPU, once the mm has a global ASID. */
static inline u16 mm_global_asid(const struct mm_struct *mm)
{
	return smp_load_acquire(&mm->global_asid);
}

/* The mm has got a global ASID since it was loaded under this one. */
static inline bool mm_needs_global_asid(const struct mm_struct *mm, u16 asid)
{
	return mm_global_asid(mm) && !is_global_asid(asid);
}

/* While an mm moves to one, CPUs differ about it. */
bool mm_in_asid_transition(const struct mm_struct *mm);
/*
 * An mm that several CPUs use gets one, where they are in use. Its transition is over, and true
 * returned, when no CPU has it loaded under an ASID of its own any more.
 */
void consider_global_asid(struct mm_struct *mm);
bool finish_asid_transition(struct mm_struct *mm);
/* Begin the flush by INVLPGBs; tlbsync() waits for them. */
void invlpgb_flush_range(const struct flush_tlb_info *info);
/* Everywhere, whatever it is cached under, and waited for. */
void invlpgb_flush_all_nonglobals(void);
void invlpgb_flush_kernel_range(u64 start, u64 end);

/*
 * This CPU goes offline, and comes back when another one, by bring_cpu_up(), says so and waits for
 * it. IRQs must be on.
 */
void take_cpu_down(void);
void bring_cpu_up(unsigned int cpu);
/* The CPU has nothing cached of any mm. */
void clear_mm_cpumasks(unsigned int cpu);

/* About a second between two trimmings of an mm's mask. */
#define TRIM_CYCLES (1ull << 31)

/*
 * mmap_lock, which is taken before an mm's page_table_lock. Readers change what is mapped, and
 * where two of them do so at one place the page_table_lock serializes them; a writer changes
 * which tables there are. A CPU is a reader of one mm at a time. downgrade: the writer stays as
 * a reader, and others may come in.
 */
void mmap_read_lock(struct mm_struct *mm);
void mmap_read_unlock(struct mm_struct *mm);
void mmap_write_lock(struct mm_struct *mm);
void mmap_write_unlock(struct mm_struct *mm);
void mmap_write_downgrade(struct mm_struct *mm);

/* How the tables of an munmap are to be freed. */
enum table_freeing {
	FREE_BATCHED,	 /* in a batch, by RCU */
	FREE_ONE_BY_RCU, /* no page for a batch; CONFIG_PT_RECLAIM=y */
	FREE_ONE_SYNCED, /* no page for a batch; CONFIG_PT_RECLAIM=n: wait, then free at once */
};

/* Unmap [start, end), drop the references that the mappings held, free the tables. */
void do_munmap(struct mm_struct *mm, u64 start, u64 end, enum table_freeing how);
/*
 * Two ranges with one gather: the first one's tables in a batch, which is flushed and left to
 * RCU; for the second one's there is no page, and they are freed alone, each after a sync.
 */
void munmap_begin(struct mm_struct *mm, u64 start, u64 end);
void munmap_end(u64 start, u64 end);
/* Clear the entries in [start, end) and drop the references; tables stay. */
void zap_page_range(struct mm_struct *mm, u64 start, u64 end);
/* Let the 4 KiB pages in [start, end) be written to, or not, and flush if that takes rights. */
void change_protection(struct mm_struct *mm, u64 start, u64 end, bool writable);
/* Move what is mapped in the len bytes from `from` to `to`, where nothing is mapped. */
void move_page_tables(struct mm_struct *mm, u64 from, u64 to, u64 len);

/*
 * An address of the kernel's own, with its tables, before there is any mm; and the entry that is
 * to be there, which others may have to be told of: flush_tlb_kernel_range().
 */
u64 vmalloc_page(void);
void vmap_page(u64 addr, u64 pte);
bool any_mm(void);

/*
 * Reclaim: unmap the 4 KiB pages in [start, end), and leave the flush, and the pages, to this
 * CPU's next try_to_unmap_flush(), which may be for several mm's.
 */
void try_to_unmap(struct mm_struct *mm, u64 start, u64 end);
void try_to_unmap_flush(void);
/* Under page_table_lock: whoever goes on from what was unmapped must not find it cached. */
void flush_tlb_batched_pending(struct mm_struct *mm);
/* Unmap all of user space and free its tables; references stay with who has them. */
void exit_mmap(struct mm_struct *mm);

/* Collapse the 2 MiB around addr into huge; flush: as it must, or not at all. */
void collapse_huge_page(struct mm_struct *mm, u64 addr, u64 huge, bool flush);
/* Unmap the huge page at addr, drop its reference, free the table that was deposited. */
void zap_huge_pmd(struct mm_struct *mm, u64 addr);
/* Under page_table_lock: put a table aside, under a huge page. */
void pgtable_trans_huge_deposit(struct mm_struct *mm, u64 table);
/* A deposited table's huge page is gone. */
void free_deposited_table(struct mm_struct *mm);

/* Let `to` use `from`'s PMD table for the GiB around addr; stop mm's using it. */
void huge_pmd_share(struct mm_struct *from, struct mm_struct *to, u64 addr);
void huge_pmd_unshare(struct mm_struct *mm, u64 addr);

/*
 * Walk the loaded mm's tables to addr without any lock. gup_fast() takes a reference on what
 * is mapped there and returns it, for put_page(), or 0; lockless_pte_lookup() only looks, with
 * other RCU read sections inside its own, if nested.
 */
u64 gup_fast(u64 addr);
void lockless_pte_lookup(u64 addr, bool nested);
/* What a walker does between two levels; a scenario's free-running form dawdles. */
extern void (*walk_window)(void);

#endif
