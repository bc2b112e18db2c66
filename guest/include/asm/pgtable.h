/* SPDX-License-Identifier: GPL-2.0-only */
/* 4-level page tables: entries, shifts, and the operations on an mm's tables. */
#ifndef _ASM_PGTABLE_H
#define _ASM_PGTABLE_H

#include <linux/mm_types.h>
#include <linux/types.h>

#define PAGE_SHIFT 12
#define PMD_SHIFT  21
#define PGD_SHIFT  39
#define PAGE_SIZE  (1ull << PAGE_SHIFT)
#define PMD_SIZE   (1ull << PMD_SHIFT)

#define _PAGE_PRESENT  (1ull << 0)
#define _PAGE_RW       (1ull << 1)
#define _PAGE_USER     (1ull << 2)
#define _PAGE_ACCESSED (1ull << 5)
#define _PAGE_DIRTY    (1ull << 6)
#define _PAGE_PSE      (1ull << 7)
#define _PAGE_NX       (1ull << 63)
#define PTE_PFN_MASK   0x000ffffffffff000ull

/* Leaf and table entries are all reachable from ring 3. */
#define _PAGE_TABLE (_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY)

/* Guest RAM through the direct map; its base is the device tree's. */
extern u64 page_offset_base;
#define __va(pa) ((void *)(uintptr_t)((u64)(pa) + page_offset_base))
#define __pa(va) ((u64)(uintptr_t)(va) - page_offset_base)

/*
 * Store a leaf entry for addr: shift is PAGE_SHIFT or PMD_SHIFT, pte the whole entry (0:
 * none). Allocates the tables above. Flushes nothing. The mm's tables are locked by the caller.
 */
void set_leaf(struct mm_struct *mm, u64 addr, u64 pte, unsigned int shift);

/*
 * Replace the table that holds addr's 4 KiB entry by a copy in which that entry is pte.
 * Returns the old table's address; flushes and frees nothing.
 */
u64 swap_table(struct mm_struct *mm, u64 addr, u64 pte);

void pgd_init(struct mm_struct *mm);
void pgd_free(struct mm_struct *mm);
/* The pgd this CPU loads; see mm/pgtable.c for why there are two. */
u64 mm_cr3(const struct mm_struct *mm);

/* Physical pages: zeroed, aligned to their size; shift as above. Panics when memory is out. */
u64 page_alloc(unsigned int shift);
void page_free(u64 pa, unsigned int shift);
void page_alloc_init(u64 start, u64 end);

#endif
