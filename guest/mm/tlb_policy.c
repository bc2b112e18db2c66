/* SPDX-License-Identifier: GPL-2.0-only */
/* Which policy is in force: the one the device tree names, of those under policies/. */
#include <asm/cpufeature.h>
#include <asm/paravirt.h>
#include <asm/tlb_policy.h>
#include <linux/kernel.h>

extern const struct pvtlb_policy __start_policies[], __stop_policies[];

void tlb_policy_decide(bool on)
{
	u64 multi = (u64)native_flush_tlb_multi;

#ifdef CONFIG_PARAVIRT
	multi = (u64)pv_ops.mmu.flush_tlb_multi;
#endif
	if (on)
		static_branch_enable(&tlb_ipi_broadcast_key);
	trace(KEY, multi, (u64)native_flush_tlb_multi, cpu_feature_enabled(X86_FEATURE_INVLPGB),
	      static_key_enabled(&tlb_ipi_broadcast_key));
}

static bool is_wanted(const struct pvtlb_policy *policy, const char *name)
{
	if (!name)
		return policy->flags & PVTLB_POLICY_DEFAULT;
	return !__builtin_strcmp(policy->name, name) ||
	       (policy->alias[0] && !__builtin_strcmp(policy->alias, name));
}

void tlb_policy_init(const char *name)
{
	const struct pvtlb_policy *p = __start_policies;

	while (p < __stop_policies && !is_wanted(p, name))
		p++;
	if (p == __stop_policies)
		panic("device tree: no such policy", 0);
	tlb_policy = (const struct tlb_policy_ops *)p->ops;
	if (tlb_policy->decide)
		tlb_policy->decide();
	else
		tlb_policy_decide(false);
}
