/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical pages: allocation, references, and what is known of each. */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/compiler.h>
#include <linux/types.h>

/* One for each 4 KiB of memory; a 2 MiB page's references are its first one's. */
struct page {
	u32 refcount;	 /* 0: free */
	u32 shift;	 /* of the allocation that begins here: 12 or 21 */
	u32 table_gen;	 /* times it has been a page table */
	u32 pt_share;	 /* other mm's that use this page table, too */
	struct page *next; /* free page of this size; or deposited table */
};

struct page *phys_to_page(u64 pa);
u64 page_to_phys(const struct page *page);
u64 memory_bytes(void); /* from 0 on, holes included */
/* Where its references are counted, which begin as one. */
u32 *page_ref(struct page *page);
void page_ref_init(struct page *page);

/* Zeroed, aligned to its size, one reference; shift: 12 or 21. Panics when memory is out. */
u64 page_alloc(unsigned int shift);
void page_clear(u64 pa, unsigned int shift);
/* Each 4 KiB of it begins with its own address. */
void page_mark(u64 pa, unsigned int shift);
/* A reference on a page that may just be freed by somebody: false when it is free. */
bool try_get_page(u64 pa);
/* Drop a reference; with the last one the page is free, and the next to be handed out. */
void put_page(u64 pa);
void page_alloc_init(u64 start, u64 end);

/*
 * What freed page tables are filled with: an entry that points to a page of such entries. A
 * walker, the hardware's too, that is still in a freed table finds that page at the end of any
 * path, and nowhere a crash: use after free is wrong data, as in life.
 */
u64 poison_entry(void);

#endif
