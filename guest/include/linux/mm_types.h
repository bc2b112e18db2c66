/* SPDX-License-Identifier: GPL-2.0-only */
/* An address space. */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/cpumask.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct mm_struct {
	u32 id;		  /* names the mm in events; 0 is init_mm */
	u64 ctx_id;	  /* never that of another mm, as the id may be; from 1 */
	u64 *pgd;	  /* two pages, see mm/pgtable.c; one for init_mm */
	u64 tlb_gen;	  /* bumped by every flush request */
	struct cpumask cpu_bitmap;
	u32 tlb_flush_pending;	  /* mmu_gathers under way */
	u64 next_trim_cpumask;	  /* TSC; see should_trim_cpumask() */
	spinlock_t mmap_lock;	  /* a writer's; readers are noted elsewhere, see mm/mmap_lock.c */
	spinlock_t page_table_lock; /* entries, of all levels, and what is deposited */
	bool tlb_flush_batched;	  /* unmapped, and left to a batch to flush; under page_table_lock */
	struct page *pmd_huge_pte; /* the tables deposited under its huge pages */
	u16 global_asid;	  /* 0: none */
	bool asid_transition;	  /* to it, and not all CPUs are there yet */
};

extern struct mm_struct init_mm;

static inline struct cpumask *mm_cpumask(struct mm_struct *mm)
{
	return &mm->cpu_bitmap;
}

struct mm_struct *mm_alloc(void);
/* Frees its tables through an mmu_gather; what it maps stays. No CPU may have it loaded. */
void mm_free(struct mm_struct *mm);

#endif
