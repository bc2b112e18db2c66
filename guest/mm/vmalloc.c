/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages at addresses of the kernel's own, which every mm has. */
#include <asm/pgtable.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>

#include "internal.h"

#define VMALLOC_START 0xffffc90000000000ull

static spinlock_t vmap_area_lock;
static u64 next;

/*
 * The table below the topmost entry is made before there is an mm that would have to be told of
 * it: each has its own copy of that entry. The page behind keeps two areas apart.
 */
u64 vmalloc_page(void)
{
	u64 addr;

	if (!next && any_mm())
		panic("vmalloc: an mm was made before, at", VMALLOC_START);
	addr = VMALLOC_START + next;
	next += 2 * PAGE_SIZE;
	vmap_page(addr, 0);
	return addr;
}

void vmap_page(u64 addr, u64 pte)
{
	spin_lock(&vmap_area_lock);
	set_leaf(&init_mm, addr, pte, PAGE_SHIFT);
	spin_unlock(&vmap_area_lock);
}
