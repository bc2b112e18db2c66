/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's asm/tlb.h on the tree's mm/mmu_gather.o; and what that wants of memory and RCU. */
#include "shim.h"

/* A CPU's gathers lie within each other: munmap_begin() leaves one open. */
#define GATHERS 4
static DEFINE_PER_CPU(struct mmu_gather, gathers[GATHERS]);
static DEFINE_PER_CPU(unsigned int, nr_gathers);
static DEFINE_PER_CPU(bool, no_memory);

/* While one of its functions runs a flush is the gather's. */
static void within(struct mmu_gather *tlb)
{
	THIS_HOOK->gather = tlb;
}

void *k_gather(unsigned int id, int fullmm)
{
	unsigned int nr = this_cpu_read(nr_gathers);
	struct mmu_gather *tlb = this_cpu_ptr(&gathers[nr]);

	if (nr == GATHERS)
		g_panic("too many gathers within each other", nr);
	this_cpu_write(nr_gathers, nr + 1);
	if (fullmm)
		tlb_gather_mmu_fullmm(tlb, mm_of(id));
	else
		tlb_gather_mmu(tlb, mm_of(id));
	g_gathering(id, false);
	return tlb;
}

void k_gather_entry(void *gather, word addr, unsigned int shift)
{
	if (shift == PAGE_SHIFT)
		tlb_flush_pte_range(gather, addr, PAGE_SIZE);
	else
		tlb_flush_pmd_range(gather, addr & PMD_MASK, PMD_SIZE);
}

int k_gather_page(void *gather, word page, int no_batch)
{
	struct page *p = pfn_to_page(page >> PAGE_SHIFT);
	int full;

	this_cpu_write(no_memory, no_batch);
#if SINCE(6, 8)
	full = __tlb_remove_page_size(gather, p, false, PAGE_SIZE);
#elif SINCE(6, 2)
	full = __tlb_remove_page_size(gather, encode_page(p, 0), PAGE_SIZE);
#else
	full = __tlb_remove_page_size(gather, p, PAGE_SIZE);
#endif
	this_cpu_write(no_memory, false);
	return full;
}

/* A table among the pages that are given back. */
#define IS_TABLE 0x7ab1e

/* As pte_free_tlb() and its like do: one page, and that an entry of that size was cleared. */
void k_gather_table(void *gather, word table, word addr, unsigned int shift, int no_batch)
{
	struct mmu_gather *tlb = gather;
	struct page *p = pfn_to_page(table >> PAGE_SHIFT);

	if (shift == PMD_SHIFT)
		tlb_flush_pmd_range(tlb, addr, PAGE_SIZE);
	else if (shift == PUD_SHIFT)
		tlb_flush_pud_range(tlb, addr, PAGE_SIZE);
	else
		tlb_flush_p4d_range(tlb, addr, PAGE_SIZE);
	tlb->freed_tables = 1;
	set_page_private(p, IS_TABLE);
	within(tlb);
	this_cpu_write(no_memory, no_batch);
	tlb_remove_table(tlb, p);
	this_cpu_write(no_memory, false);
	within(NULL);
}

#if SINCE(6, 6)
typedef struct ptdesc table_desc;
#else
typedef struct page table_desc;
#endif

void k_gather_unshare(void *gather, word table, word addr, unsigned int sharers)
{
#ifdef HAVE_UNSHARE
	table_desc *pt = (void *)pfn_to_page(table >> PAGE_SHIFT);

	atomic_set(&pt->pt_share_count, sharers);
	tlb_unshare_pmd_ptdesc(gather, pt, addr);
#else
	g_panic("this tree has no tlb_unshare_pmd_ptdesc()", table);
#endif
}

void k_gather_flush_unshared(void *gather)
{
#ifdef HAVE_UNSHARE
	within(gather);
	tlb_flush_unshared_tables(gather);
	within(NULL);
#endif
}

void k_gather_flush(void *gather)
{
	within(gather);
	tlb_flush_mmu(gather);
	within(NULL);
}

void k_gather_finish(void *gather)
{
	struct mmu_gather *tlb = gather;

	g_gathering(id_of(tlb->mm), true);
	within(tlb);
	tlb_finish_mmu(tlb);
	within(NULL);
	this_cpu_dec(nr_gathers);
}

void k_sync_one(void)
{
	tlb_remove_table_sync_one();
}

/* Imports. A page for a batch: zero is "no memory", for which the tree has another way. */

static unsigned long free_page_of_the_guest(void)
{
	return this_cpu_read(no_memory) ? 0 : (unsigned long)__va(g_page_alloc());
}

#if SINCE(6, 10)
unsigned long get_free_pages_noprof(gfp_t gfp, unsigned int order)
#else
unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
#endif
{
	return free_page_of_the_guest();
}

void free_pages(unsigned long addr, unsigned int order)
{
	g_put_page(__pa(addr));
}

/* A reference less; of a table: it is free. */
static void release(struct page *page)
{
	word gpa = (word)page_to_pfn(page) << PAGE_SHIFT;

	if (page_private(page) != IS_TABLE) {
		g_put_page(gpa);
		return;
	}
	set_page_private(page, 0);
	g_table_free(gpa);
}

void free_page_and_swap_cache(struct page *page)
{
	release(page);
}

#if SINCE(6, 2)
void free_pages_and_swap_cache(struct encoded_page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		release(encoded_page_ptr(pages[i]));
}
#else
void free_pages_and_swap_cache(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		release(pages[i]);
}
#endif

/* The last reference is gone, by GUP-fast's own put: the guest's put is the one that frees. */
void __folio_put(struct folio *folio)
{
	struct page *page = &folio->page;

	set_page_count(page, 1);
	g_put_page((word)page_to_pfn(page) << PAGE_SHIFT);
}

/* RCU is the guest's. With CONFIG_PREEMPT_RCU=n a section has no function of its own. */

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	g_call_rcu(head, func);
}

void synchronize_rcu(void)
{
	g_synchronize_rcu();
}

#ifdef CONFIG_PREEMPT_RCU
void __rcu_read_lock(void)
{
	g_rcu_read_lock();
}

void __rcu_read_unlock(void)
{
	g_rcu_read_unlock();
}
#endif

/* Begins a read section, which pte_unmap() ends. */
#if SINCE(6, 5)
pte_t *__pte_offset_map(pmd_t *pmd, unsigned long addr, pmd_t *pmdval)
{
	rcu_read_lock();
	if (pmdval)
		*pmdval = *pmd;
	return pte_offset_kernel(pmd, addr);
}
#endif
