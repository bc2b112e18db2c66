/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * patch: the series as it stands (v7 and later). Decided once at boot: the key is on if flushes
 * are native ones and the CPU has no INVLPGB. native_pv_tlb_init() is in mm/tlb.c.
 */
#include <asm/tlb_policy.h>

TLB_POLICY(patch, {
	.name = "patch",
	.alias = "seed",
	.title = "no sync where flushes are native and there is no INVLPGB, decided at boot (v7 on)",
	.flags = PVTLB_POLICY_DEFAULT,
	.key = PVTLB_KEY_BY_PATCH,
	.ops = TLB_POLICY_OPS({ .decide = native_pv_tlb_init }),
});
