/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * targeted: v4 of the series, 1/3 and 2/3. Walkers say which mm they walk, and a sync goes to
 * those that walk the mm it is for. A PMD table that several mm's share has walkers of others.
 */
#include <asm/tlb_policy.h>

TLB_POLICY(targeted, {
	.name = "targeted",
	.title = "syncs go to CPUs that are in a walk of the same mm (v4, 1/3 and 2/3)",
	.key = PVTLB_KEY_PER_SYNC,
	.ops = TLB_POLICY_OPS({ .choose = lockless_walkers, .walkers_tell = true }),
});
