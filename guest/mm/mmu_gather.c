/* SPDX-License-Identifier: GPL-2.0-only */
/* The syncs that keep a freed or reused page table from a lockless walker. */
#include <asm/tlb.h>
#include <linux/smp.h>
#include <linux/trace.h>

static void tlb_remove_table_smp_sync(void *unused)
{
	/* Being interrupted is all there is to it: the CPU had IRQs on. */
	(void)unused;
}

static void sync_others(bool rcu)
{
	trace(SYNC, rcu, false);
	smp_call_function(tlb_remove_table_smp_sync, NULL, true);
}

void tlb_remove_table_sync_one(void)
{
	if (tlb_table_flush_implies_ipi_broadcast())
		trace(SYNC, false, true);
	else
		sync_others(false);
}

/*
 * No code of this guest runs in an RCU read section yet, so a grace period is over as soon
 * as every CPU has been seen with IRQs on.
 */
void tlb_remove_table_sync_rcu(void)
{
	if (tlb_table_flush_implies_ipi_broadcast())
		trace(SYNC, true, true);
	else
		sync_others(true);
}
