/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages, and where physical ones are to be found. */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H

#include <linux/types.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1ull << PAGE_SHIFT)

/* Guest RAM through the direct map; its base is the device tree's. */
extern u64 page_offset_base;
#define __va(pa) ((void *)(uintptr_t)((u64)(pa) + page_offset_base))
#define __pa(va) ((u64)(uintptr_t)(va)-page_offset_base)
/* Of something linked into the image (guest.lds, LOAD_OFFSET). */
#define IMAGE_BASE     0xffffffff80000000ull
#define __pa_symbol(x) ((u64)(uintptr_t)(x)-IMAGE_BASE)

#endif
