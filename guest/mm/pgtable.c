/* SPDX-License-Identifier: GPL-2.0-only */
/* 4-level page tables: allocating, hooking, unhooking and freeing them; an mm's two pgds. */
#include <asm/pgtable.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/trace.h>

#include "internal.h"

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
	return mm->pgd + which * PTRS_PER_TABLE;
}

u64 mm_cr3(const struct mm_struct *mm)
{
	return __pa(pgd_page(mm, mm == &init_mm ? 0 : this_cpu_read(cpu_pgd)));
}

/* Tables as such: each time a page becomes one it gets a new generation. */

u32 table_gen(u64 table)
{
	return READ_ONCE(phys_to_page(table)->table_gen);
}

static void become_table(u64 page)
{
	trace(TABLE_ALLOC, page, ++phys_to_page(page)->table_gen);
}

u64 table_alloc(void)
{
	u64 table = page_alloc(PAGE_SHIFT);

	become_table(table);
	return table;
}

static void be_no_table(const struct pvtlb_source *source, u64 table)
{
	volatile u64 *entry = __va(table);

	trace_from(source, TABLE_FREE, table, table_gen(table), poison_entry());
	if (step_on())
		step_fill(entry, PAGE_SHIFT);
	for (int i = 0; i < PTRS_PER_TABLE; i++)
		entry[i] = poison_entry();
}

void table_free_from(const struct pvtlb_source *source, u64 table)
{
	be_no_table(source, table);
	put_page(table);
}

/* Two pages in a row: the free list may not have them, then untouched memory does. */
static u64 two_pages(void)
{
	u64 first = page_alloc(PAGE_SHIFT), second = page_alloc(PAGE_SHIFT);

	while (second != first + PAGE_SIZE) {
		first = second;
		second = page_alloc(PAGE_SHIFT);
	}
	return first;
}

/* Pairs of pages that were an mm's pgds; under the lock of those who make mm's. */
static struct page *pgd_cache;

/* Kernel space is shared with init_mm, whose pgd the VMM made. */
void pgd_init(struct mm_struct *mm)
{
	u64 first = pgd_cache ? page_to_phys(pgd_cache) : two_pages();

	if (pgd_cache)
		pgd_cache = pgd_cache->next;
	__builtin_memset(__va(first), 0, 2 * PAGE_SIZE);
	become_table(first);
	become_table(first + PAGE_SIZE);
	mm->pgd = __va(first);
	trace(MM, mm->id, first);
	for (int which = 0; which < 2; which++)
		for (int i = KERNEL_PGD_FROM; i < PTRS_PER_TABLE; i++)
			pgd_page(mm, which)[i] = init_mm.pgd[i];
}

void pgd_free(struct mm_struct *mm)
{
	u64 first = __pa(mm->pgd);

	trace(MM, mm->id, 0);
	be_no_table(TRACE_SOURCE, first);
	be_no_table(TRACE_SOURCE, first + PAGE_SIZE);
	phys_to_page(first)->next = pgd_cache;
	pgd_cache = phys_to_page(first);
}

/* Entries. */

static u64 *entry_in(u64 table, u64 addr, unsigned int shift)
{
	return (u64 *)__va(table) + table_index(addr, shift);
}

u64 *lookup_entry(struct mm_struct *mm, u64 addr, unsigned int shift)
{
	u64 table = __pa(pgd_page(mm, 0));

	for (unsigned int level = PGD_SHIFT; level > shift; level -= 9) {
		u64 entry = *entry_in(table, addr, level);

		if (!(entry & _PAGE_PRESENT) || entry & _PAGE_PSE)
			return NULL;
		table = entry & PTE_PFN_MASK;
	}
	return entry_in(table, addr, shift);
}

static void store_pgd(const struct mm_struct *mm, int which, u64 addr, u64 entry)
{
	u64 *pgd = pgd_page(mm, which);

	WRITE_ONCE(pgd[table_index(addr, PGD_SHIFT)], entry);
	trace(PGD_STORED, mm->id, addr, __pa(pgd));
}

static void store_entry(struct mm_struct *mm, u64 addr, u64 *slot, u64 entry, unsigned int shift)
{
	if (shift == PGD_SHIFT && mm != &init_mm) {
		store_pgd(mm, 0, addr, entry);
		store_pgd(mm, 1, addr, entry ? entry | _PAGE_NX : 0);
	} else {
		WRITE_ONCE(*slot, entry);
	}
	trace(PTE_STORED, mm->id, addr, shift);
}

/* The entry for addr at the level of shift; tables above it are made. */
static u64 *entry_of(struct mm_struct *mm, u64 addr, unsigned int shift)
{
	u64 table = __pa(pgd_page(mm, 0));

	for (unsigned int level = PGD_SHIFT; level > shift; level -= 9) {
		u64 entry = *entry_in(table, addr, level);

		if (entry & _PAGE_PSE)
			panic("a 2 MiB page is mapped where a table is wanted", addr);
		if (!(entry & _PAGE_PRESENT)) {
			u64 new = table_alloc();

			trace(TABLE_HOOK, mm->id, addr, new, table_gen(new), level);
			entry = new | _PAGE_TABLE;
			store_entry(mm, addr, entry_in(table, addr, level), entry, level);
		}
		table = entry & PTE_PFN_MASK;
	}
	return entry_in(table, addr, shift);
}

void set_leaf(struct mm_struct *mm, u64 addr, u64 pte, unsigned int shift)
{
	u64 *slot = entry_of(mm, addr, shift);

	trace(PTE_SET, mm->id, addr, *slot, pte, shift);
	store_entry(mm, addr, slot, pte, shift);
}

static void trace_leaves(struct mm_struct *mm, u64 addr, u64 table, unsigned int shift, bool stored)
{
	const u64 *entry = __va(table);

	for (int i = 0; i < PTRS_PER_TABLE; i++) {
		u64 at = addr + ((u64)i << shift);

		if (!(entry[i] & _PAGE_PRESENT))
			continue;
		if (shift > PAGE_SHIFT && !(entry[i] & _PAGE_PSE))
			trace_leaves(mm, at, entry[i] & PTE_PFN_MASK, shift - 9, stored);
		else if (stored)
			trace(PTE_STORED, mm->id, at, shift);
		else
			trace(PTE_SET, mm->id, at, 0, entry[i], shift);
	}
}

void hook_table(struct mm_struct *mm, u64 addr, u64 table, unsigned int shift)
{
	u64 *slot = entry_of(mm, addr, shift);
	u64 start = addr & ~((1ull << shift) - 1);

	trace(TABLE_HOOK, mm->id, addr, table, table_gen(table), shift);
	/* For whoever looks through it these are new leaves. */
	trace_leaves(mm, start, table, shift - 9, false);
	store_entry(mm, addr, slot, table | _PAGE_TABLE, shift);
	trace_leaves(mm, start, table, shift - 9, true);
}

u64 unhook_table_from(const struct pvtlb_source *source, struct mm_struct *mm, u64 addr,
		      unsigned int shift)
{
	u64 *slot = lookup_entry(mm, addr, shift);
	u64 table;

	if (!slot || !(*slot & _PAGE_PRESENT) || *slot & _PAGE_PSE)
		return 0;
	table = *slot & PTE_PFN_MASK;
	trace_from(source, TABLE_UNHOOK, mm->id, addr, table, table_gen(table), shift);
	store_entry(mm, addr, slot, 0, shift);
	return table;
}

u64 swap_table(struct mm_struct *mm, u64 addr, u64 pte)
{
	u64 *slot = lookup_entry(mm, addr, PMD_SHIFT);
	u64 old = *slot & PTE_PFN_MASK, new = table_alloc();
	u64 *leaf = entry_in(new, addr, PAGE_SHIFT);
	u64 start = addr & ~(PMD_SIZE - 1);

	__builtin_memcpy(__va(new), __va(old), PAGE_SIZE);
	*leaf = pte;
	/* One store does it all: the old table is unhooked by the new one's hook. */
	trace(TABLE_UNHOOK, mm->id, addr, old, table_gen(old), PMD_SHIFT);
	trace(TABLE_HOOK, mm->id, addr, new, table_gen(new), PMD_SHIFT);
	trace_leaves(mm, start, new, PAGE_SHIFT, false);
	store_entry(mm, addr, slot, new | _PAGE_TABLE, PMD_SHIFT);
	trace_leaves(mm, start, new, PAGE_SHIFT, true);
	return old;
}
