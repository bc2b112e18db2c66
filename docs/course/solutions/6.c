/* SPDX-License-Identifier: GPL-2.0-only */
/* exercise: whoever walks is asked, whatever mm it walks. */
#include <asm/tlb_policy.h>

static void any_walker(const struct mm_struct *mm, struct cpumask *cpus)
{
	(void)mm;
	lockless_walkers(NULL, cpus);
}

TLB_POLICY(exercise, {
	.name = "exercise",
	.title = "exercise 6",
	.key = PVTLB_KEY_PER_SYNC,
	.ops = TLB_POLICY_OPS({ .choose = any_walker, .walkers_tell = true }),
});
