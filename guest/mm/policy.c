/* SPDX-License-Identifier: GPL-2.0-only */
/* Who decides about tlb_ipi_broadcast_key: the seed, nobody, or an earlier version's belief. */
#include <asm/cpufeature.h>
#include <asm/paravirt.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include <linux/kernel.h>

/* What native_pv_tlb_init() says of itself, for deciders other than it. */
static void decided(u64 multi)
{
	trace(KEY, multi, (u64)native_flush_tlb_multi, cpu_feature_enabled(X86_FEATURE_INVLPGB),
	      static_key_enabled(&tlb_ipi_broadcast_key));
}

/* As before the series: every sync is sent. */
static void always_sync(void)
{
	u64 multi = (u64)native_flush_tlb_multi;

#ifdef CONFIG_PARAVIRT
	multi = (u64)pv_ops.mmu.flush_tlb_multi;
#endif
	decided(multi);
}

/*
 * v4: a property of the backend, which says of itself that its flush interrupts every target.
 * KVM's said so, because it sends IPIs; only not to vCPUs that are preempted, which may be in
 * the middle of a walk.
 */
static void v4(void)
{
	u64 multi = (u64)native_flush_tlb_multi;
	bool implies = true;

#ifdef CONFIG_PARAVIRT
	multi = (u64)pv_ops.mmu.flush_tlb_multi;
	implies = pv_ops.mmu.flush_tlb_multi_implies_ipi_broadcast;
#endif
	if (implies && !cpu_feature_enabled(X86_FEATURE_INVLPGB))
		static_branch_enable(&tlb_ipi_broadcast_key);
	decided(multi);
}

static const struct {
	const char *name;
	void (*decide)(void);
} policies[] = {
	{ "seed", native_pv_tlb_init },
	{ "always-sync", always_sync },
	{ "v4", v4 },
};

void tlb_policy_init(const char *name)
{
	const char *want = name ? name : policies[0].name;

	for (unsigned int i = 0; i < ARRAY_SIZE(policies); i++) {
		if (__builtin_strcmp(policies[i].name, want))
			continue;
		policies[i].decide();
		return;
	}
	panic("device tree: no such policy", 0);
}
