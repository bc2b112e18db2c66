/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical pages: a free list per size, refilled from untouched memory; references. */
#include <asm/pgtable.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/trace.h>

/*
 * By shift: 4 KiB pages from the bottom up, 2 MiB pages from the top down. The lists are of
 * struct page: what a freed page holds stays what it was.
 */
static struct page *free_small, *free_large;
static u64 bottom, top, memory_end;
static struct page *mem_map;
static u64 poison;
static spinlock_t lock;

static u64 page_align(u64 pa)
{
	return (pa + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static u64 take(unsigned int shift);

void page_alloc_init(u64 start, u64 end)
{
	u64 *fill;

	bottom = page_align(start);
	top = end & ~(PMD_SIZE - 1);
	memory_end = end;
	mem_map = __va(bottom);
	bottom = page_align(bottom + (end >> PAGE_SHIFT) * sizeof(*mem_map));
	if (bottom >= top)
		panic("no memory for the page allocator", start);
	__builtin_memset(mem_map, 0, bottom - __pa(mem_map));

	/* Nobody's but ours, and before there is anything to be told of. */
	poison = take(PAGE_SHIFT);
	*phys_to_page(poison) = (struct page){ .refcount = 1, .shift = PAGE_SHIFT };
	fill = __va(poison);
	for (u64 i = 0; i < PAGE_SIZE / sizeof(*fill); i++)
		fill[i] = poison_entry();
}

u64 poison_entry(void)
{
	return poison | _PAGE_TABLE;
}

struct page *phys_to_page(u64 pa)
{
	if (pa >= memory_end)
		panic("no memory at", pa);
	return &mem_map[pa >> PAGE_SHIFT];
}

u64 page_to_phys(const struct page *page)
{
	return (u64)(page - mem_map) << PAGE_SHIFT;
}

u64 memory_bytes(void)
{
	return memory_end;
}

/* Weak, as a kernel tree's struct pages count them where that mm is linked (guest/mm-kernel). */
__weak u32 *page_ref(struct page *page)
{
	return &page->refcount;
}

__weak void page_ref_init(struct page *page)
{
	smp_store_release(page_ref(page), 1);
}

static u64 take(unsigned int shift)
{
	struct page **list = shift == PMD_SHIFT ? &free_large : &free_small;
	u64 size = 1ull << shift;

	if (*list) {
		u64 pa = page_to_phys(*list);

		*list = (*list)->next;
		return pa;
	}
	if (bottom + size > top)
		panic("out of pages of shift", shift);
	if (shift == PMD_SHIFT)
		return top -= size;
	bottom += size;
	return bottom - size;
}

u64 page_alloc(unsigned int shift)
{
	struct page *page;
	u64 pa;

	spin_lock(&lock);
	pa = take(shift);
	spin_unlock(&lock);
	trace(PAGE_ALLOC, pa, shift);
	if (step_on())
		step_fill(__va(pa), shift);
	page_clear(pa, shift);
	page = phys_to_page(pa);
	page->shift = shift;
	page_ref_init(page);
	return pa;
}

bool try_get_page(u64 pa)
{
	struct page *page = phys_to_page(pa);
	u32 *ref = page_ref(page), count = READ_ONCE(*ref);

	do {
		if (!count)
			return false;
	} while (!try_cmpxchg(ref, &count, count + 1));
	return true;
}

void put_page(u64 pa)
{
	struct page *page = phys_to_page(pa);
	struct page **list = page->shift == PMD_SHIFT ? &free_large : &free_small;

	if (!READ_ONCE(*page_ref(page)))
		panic("put_page: no reference is left of", pa);
	if (atomic_dec_return(page_ref(page)))
		return;
	/* Before anybody can have it again. */
	trace(PAGE_FREE, pa, page->shift);
	spin_lock(&lock);
	page->next = *list;
	*list = page;
	spin_unlock(&lock);
}
