/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * key: what native_pv_tlb_init() decided.
 *
 * Teaches that the decision is one of the boot's order: it is made once, from what pv_ops says
 * at that moment, and from then on it stands in the code as a nop or a jmp. The evidence is
 * read by the VMM out of memory; all there is to do here is to go through each branch once.
 */
#include <scenario.h>

static void leader(void)
{
	scn_sync_one();
	scn_sync_rcu();
}

SCENARIO(key, {
	.name = "key",
	.title = "what native_pv_tlb_init() decided, and the evidence for it",
	.flags = PVTLB_CLAIM_KEY,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.leader = leader),
});
