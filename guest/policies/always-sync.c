/* SPDX-License-Identifier: GPL-2.0-only */
/* always-sync: as before the series, every sync goes to every other CPU. */
#include <asm/tlb_policy.h>

TLB_POLICY(always_sync, {
	.name = "always-sync",
	.title = "every sync is sent, to every other CPU (before the series)",
	.key = PVTLB_KEY_NEVER,
	.ops = TLB_POLICY_OPS({ 0 }),
});
