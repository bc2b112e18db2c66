/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * declared: v4 of the series. A property of the backend, which says of itself that its flush
 * interrupts every target. KVM's said so, because it sends IPIs; only not to vCPUs that are
 * preempted, which may be in the middle of a walk.
 */
#include <asm/cpufeature.h>
#include <asm/paravirt.h>
#include <asm/tlb_policy.h>

static void believe(void)
{
	bool implies = true;

#ifdef CONFIG_PARAVIRT
	implies = pv_ops.mmu.flush_tlb_multi_implies_ipi_broadcast;
#endif
	tlb_policy_decide(implies && !cpu_feature_enabled(X86_FEATURE_INVLPGB));
}

TLB_POLICY(declared, {
	.name = "declared",
	.alias = "v4",
	.title = "no sync where the backend declares that its flush sends IPIs (v4, 3/3)",
	.key = PVTLB_KEY_BY_DECLARATION,
	.ops = TLB_POLICY_OPS({ .decide = believe }),
});
