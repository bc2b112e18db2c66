/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracked: v3 of the series. A gather remembers that a flush for tables went by IPI, or was
 * local, and its next sync is left out. The note says nothing of whom the IPIs went to, nor of
 * flushes that came after; it stands until a sync takes it.
 */
#include <asm/tlb_policy.h>

static void note(const struct flush_tlb_info *info, enum tlb_delivery by,
		 const struct cpumask *cpus)
{
	(void)cpus;
	if (info->wake_lazy_cpus && (by == TLB_DELIVERED_IPI || by == TLB_DELIVERED_LOCAL))
		info->tlb->sync_redundant = true;
}

static bool take_note(struct mmu_gather *tlb)
{
	bool redundant = tlb->sync_redundant;

	tlb->sync_redundant = false;
	return redundant;
}

TLB_POLICY(tracked, {
	.name = "tracked",
	.title = "no sync of a gather that has flushed by IPI, or locally (v3)",
	.key = PVTLB_KEY_PER_SYNC,
	.ops = TLB_POLICY_OPS({ .delivered = note, .may_skip = take_note }),
});
