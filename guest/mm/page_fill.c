/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in a page of memory. Functions of their own, as a machine that knows what it has in its
 * pages puts itself in their place.
 */
#include <asm/page.h>
#include <linux/mm.h>

void page_clear(u64 pa, unsigned int shift)
{
	__builtin_memset(__va(pa), 0, 1ull << shift);
}

void page_mark(u64 pa, unsigned int shift)
{
	for (u64 at = pa; at < pa + (1ull << shift); at += PAGE_SIZE)
		*(u64 *)__va(at) = at;
}
