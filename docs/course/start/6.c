/* SPDX-License-Identifier: GPL-2.0-only */
/* exercise: as targeted; it sends few interrupts, and forgets somebody. */
#include <asm/tlb_policy.h>

TLB_POLICY(exercise, {
	.name = "exercise",
	.title = "exercise 6",
	.key = PVTLB_KEY_PER_SYNC,
	.ops = TLB_POLICY_OPS({ .choose = lockless_walkers, .walkers_tell = true }),
});
