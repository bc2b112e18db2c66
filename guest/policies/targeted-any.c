/* SPDX-License-Identifier: GPL-2.0-only */
/* targeted-any: as targeted, for walkers of any mm: whoever shares a table is among them. */
#include <asm/tlb_policy.h>

static void any_walker(const struct mm_struct *mm, struct cpumask *cpus)
{
	(void)mm;
	lockless_walkers(NULL, cpus);
}

TLB_POLICY(targeted_any, {
	.name = "targeted-any",
	.title = "syncs go to CPUs that are in a walk of whatever mm",
	.key = PVTLB_KEY_PER_SYNC,
	.ops = TLB_POLICY_OPS({ .choose = any_walker, .walkers_tell = true }),
});
