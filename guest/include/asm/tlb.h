/* SPDX-License-Identifier: GPL-2.0-only */
/* Freeing page tables: does the flush before it imply that every CPU was interrupted? */
#ifndef _ASM_TLB_H
#define _ASM_TLB_H

#include <linux/jump_label.h>
#include <linux/types.h>

DECLARE_STATIC_KEY_FALSE(tlb_ipi_broadcast_key);

/* Decided once at boot by native_pv_tlb_init(). */
static inline bool tlb_table_flush_implies_ipi_broadcast(void)
{
	return static_branch_likely(&tlb_ipi_broadcast_key);
}

/*
 * Wait until no CPU is in a lockless walk that may have started before the tables were
 * unhooked: _one for walkers with IRQs off, _rcu for those in an RCU read section, too.
 */
void tlb_remove_table_sync_one(void);
void tlb_remove_table_sync_rcu(void);

#endif
