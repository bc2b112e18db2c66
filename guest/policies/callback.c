/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * callback: v1 of the series. Each way of flushing has a callback that says whether it
 * interrupts every target; one without it does not. Only the native one has any. Here it is
 * asked once, at boot; the posting asked at every sync, and would have noticed a backend that
 * installs itself late.
 */
#include <asm/cpufeature.h>
#include <asm/paravirt.h>
#include <asm/tlb_policy.h>

static bool native_implies_ipi_broadcast(void)
{
	return !cpu_feature_enabled(X86_FEATURE_INVLPGB);
}

typedef bool (*implies_fn)(void);

static implies_fn callback(void)
{
#ifdef CONFIG_PARAVIRT
	if (pv_ops.mmu.flush_tlb_multi != native_flush_tlb_multi)
		return NULL;
#endif
	return native_implies_ipi_broadcast;
}

static void ask(void)
{
	implies_fn implies = callback();

	tlb_policy_decide(implies && implies());
}

TLB_POLICY(callback, {
	.name = "callback",
	.title = "no sync where the way of flushing has a callback that says so (v1)",
	.key = PVTLB_KEY_BY_PATCH,
	.ops = TLB_POLICY_OPS({ .decide = ask }),
});
