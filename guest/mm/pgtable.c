/* SPDX-License-Identifier: GPL-2.0-only */
/* 4-level page tables, and the two pgds of every mm. */
#include <asm/gate.h>
#include <asm/pgtable.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/trace.h>

#include "internal.h"

#define PTRS_PER_PGD	512
#define KERNEL_PGD_FROM 256

/*
 * An mm has two pgds, one page after the other as with page-table isolation: they point to
 * the same tables, but the second says NX on everything of user space. A CPU always loads
 * the same one of them, which one is the device tree's choice. To the hardware it makes no
 * difference; a KVM that shadows page tables keeps its shadows apart by the access rights
 * above them, so CPUs on different pgds have TLBs of their own there (docs/hosts.md).
 */
DEFINE_PER_CPU(u32, cpu_pgd);

static u64 *pgd_page(const struct mm_struct *mm, int which)
{
	return mm->pgd + which * PTRS_PER_PGD;
}

u64 mm_cr3(const struct mm_struct *mm)
{
	return __pa(pgd_page(mm, mm == &init_mm ? 0 : this_cpu_read(cpu_pgd)));
}

/* Kernel space is shared with init_mm, whose pgd the VMM made. */
void pgd_init(struct mm_struct *mm)
{
	u64 first = page_alloc(PAGE_SHIFT), second = page_alloc(PAGE_SHIFT);

	/* Two pages in a row: the free list may not have them, then untouched memory does. */
	while (second != first + PAGE_SIZE) {
		first = second;
		second = page_alloc(PAGE_SHIFT);
	}
	mm->pgd = __va(first);
	for (int which = 0; which < 2; which++)
		for (int i = KERNEL_PGD_FROM; i < PTRS_PER_PGD; i++)
			pgd_page(mm, which)[i] = init_mm.pgd[i];
}

static unsigned int table_index(u64 addr, unsigned int shift)
{
	return addr >> shift & 511;
}

static u64 *table_of(u64 entry)
{
	return __va(entry & PTE_PFN_MASK);
}

/* The table below the entry for addr at this level; made when there is none. */
static u64 *next_table(struct mm_struct *mm, u64 *table, u64 addr, unsigned int shift)
{
	unsigned int i = table_index(addr, shift);

	if (!(table[i] & _PAGE_PRESENT)) {
		u64 entry = page_alloc(PAGE_SHIFT) | _PAGE_TABLE;

		WRITE_ONCE(table[i], entry);
		if (shift == PGD_SHIFT)
			WRITE_ONCE(pgd_page(mm, 1)[i], entry | _PAGE_NX);
	} else if (table[i] & _PAGE_PSE) {
		panic("a 2 MiB page is mapped where a table is wanted", addr);
	}
	return table_of(table[i]);
}

/* The entry for addr at the level of shift; tables above it are made. */
static u64 *entry_of(struct mm_struct *mm, u64 addr, unsigned int shift)
{
	u64 *table = pgd_page(mm, 0);

	for (unsigned int level = PGD_SHIFT; level > shift; level -= 9)
		table = next_table(mm, table, addr, level);
	return &table[table_index(addr, shift)];
}

void set_leaf(struct mm_struct *mm, u64 addr, u64 pte, unsigned int shift)
{
	u64 *slot = entry_of(mm, addr, shift);

	trace(PTE_SET, mm->id, addr, *slot, pte, shift);
	WRITE_ONCE(*slot, pte);
}

u64 swap_table(struct mm_struct *mm, u64 addr, u64 pte)
{
	u64 *slot = entry_of(mm, addr, PMD_SHIFT);
	u64 old = *slot & PTE_PFN_MASK, new = page_alloc(PAGE_SHIFT);
	unsigned int i = table_index(addr, PAGE_SHIFT);
	u64 *table = __va(new);

	__builtin_memcpy(table, __va(old), PAGE_SIZE);
	table[i] = pte;
	/* For whoever looks through it this is a change of the leaf. */
	trace(PTE_SET, mm->id, addr, table_of(*slot)[i], pte, PAGE_SHIFT);
	WRITE_ONCE(*slot, new | _PAGE_TABLE);
	return old;
}

static void free_tables(u64 *table, unsigned int shift, int nr)
{
	for (int i = 0; i < nr; i++) {
		if (!(table[i] & _PAGE_PRESENT) || table[i] & _PAGE_PSE)
			continue;
		if (shift > PMD_SHIFT)
			free_tables(table_of(table[i]), shift - 9, 512);
		page_free(table[i] & PTE_PFN_MASK, PAGE_SHIFT);
	}
}

/* All tables of user space. No CPU may have the mm loaded or cached. */
void pgd_free(struct mm_struct *mm)
{
	free_tables(pgd_page(mm, 0), PGD_SHIFT, KERNEL_PGD_FROM);
	page_free(__pa(pgd_page(mm, 0)), PAGE_SHIFT);
	page_free(__pa(pgd_page(mm, 1)), PAGE_SHIFT);
}
