/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical pages: a free list per size, refilled from untouched memory. */
#include <asm/pgtable.h>
#include <linux/kernel.h>

struct free_page {
	struct free_page *next;
};

/* By shift: 4 KiB pages from the bottom up, 2 MiB pages from the top down. */
static struct free_page *free_small, *free_large;
static u64 bottom, top;

void page_alloc_init(u64 start, u64 end)
{
	bottom = (start + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	top = end & ~(PMD_SIZE - 1);
	if (bottom >= top)
		panic("no memory for the page allocator", start);
}

u64 page_alloc(unsigned int shift)
{
	struct free_page **list = shift == PMD_SHIFT ? &free_large : &free_small;
	u64 size = 1ull << shift;
	u64 pa;

	if (*list) {
		pa = __pa(*list);
		*list = (*list)->next;
	} else if (bottom + size > top) {
		panic("out of pages of shift", shift);
	} else if (shift == PMD_SHIFT) {
		pa = top -= size;
	} else {
		pa = bottom;
		bottom += size;
	}
	__builtin_memset(__va(pa), 0, size);
	return pa;
}

void page_free(u64 pa, unsigned int shift)
{
	struct free_page **list = shift == PMD_SHIFT ? &free_large : &free_small;
	struct free_page *page = __va(pa);

	page->next = *list;
	*list = page;
}
