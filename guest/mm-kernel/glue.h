/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guest's side of the bridge shares. */
#ifndef GUEST_MM_KERNEL_GLUE_H
#define GUEST_MM_KERNEL_GLUE_H

#include <linux/mm_types.h>
#include <linux/trace.h>

/* A function of the tree's, in the table of sources: of its lines nothing is known. */
#define TREE_SOURCE(func)                                                                          \
	({                                                                                         \
		static const struct pvtlb_source source_tree __aligned(8)                          \
			__section(".event_sources") = { "linux/" func, 1 };                        \
		&source_tree;                                                                      \
	})
#define trace_tree(func, ev, ...) trace_from(TREE_SOURCE(func), ev, __VA_ARGS__)

/* 0: init_mm. */
struct mm_struct *mm_of_id(unsigned int id);

#endif
