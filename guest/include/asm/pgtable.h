/* SPDX-License-Identifier: GPL-2.0-only */
/* 4-level page tables: entries, shifts, and the operations on an mm's tables. */
#ifndef _ASM_PGTABLE_H
#define _ASM_PGTABLE_H

#include <asm/page.h>
#include <linux/mm_types.h>
#include <linux/trace.h>
#include <linux/types.h>

#define PMD_SHIFT  21
#define PUD_SHIFT  30
#define PGD_SHIFT  39
#define PMD_SIZE   (1ull << PMD_SHIFT)
#define PUD_SIZE   (1ull << PUD_SHIFT)
#define TASK_SIZE  (1ull << 47)

#define PTRS_PER_TABLE 512

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

/* Index of addr's entry in a table; shift: of what an entry maps, 12 to 39. */
static inline unsigned int table_index(u64 addr, unsigned int shift)
{
	return addr >> shift & (PTRS_PER_TABLE - 1);
}

/*
 * An mm's tables are locked by the caller; nothing here flushes. shift is always that of what
 * the entry in question maps; a table is named by its physical address.
 */

/* Store a leaf entry for addr: PAGE_SHIFT or PMD_SHIFT. Allocates the tables above. */
void set_leaf(struct mm_struct *mm, u64 addr, u64 pte, unsigned int shift);
/* The entry for addr at a level, or NULL when there is no table with it. */
u64 *lookup_entry(struct mm_struct *mm, u64 addr, unsigned int shift);

/* Page tables as such; freeing poisons it, and it can be handed out again at once. */
u64 table_alloc(void);
/* Its event names the line that frees the table; this function is everybody's. */
#define table_free(table) table_free_from(TRACE_SOURCE, table)
void table_free_from(const struct pvtlb_source *source, u64 table);
u32 table_gen(u64 table); /* how many times that page has been a table */

/* Make addr's entry at a level point to the table; clear it, returning the table or 0. */
void hook_table(struct mm_struct *mm, u64 addr, u64 table, unsigned int shift);
#define unhook_table(mm, addr, shift) unhook_table_from(TRACE_SOURCE, mm, addr, shift)
u64 unhook_table_from(const struct pvtlb_source *source, struct mm_struct *mm, u64 addr,
		      unsigned int shift);
/*
 * Replace the table that holds addr's 4 KiB entry by a copy in which that entry is pte.
 * Returns the old table; frees nothing.
 */
u64 swap_table(struct mm_struct *mm, u64 addr, u64 pte);

void pgd_init(struct mm_struct *mm);
/* The pgd's alone: tables below are gone already. */
void pgd_free(struct mm_struct *mm);
/* The pgd this CPU loads; see mm/pgtable.c for why there are two. */
u64 mm_cr3(const struct mm_struct *mm);

#endif
