/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host-call: the way to the host's own hypercalls.
 *
 * vmcall or vmmcall, whichever the host's CPU has, through the gate: KVM serves hypercalls from
 * ring 0 only. Number 1 does nothing and succeeds, the other one does not exist.
 */
#include <scenario.h>
#include <scenario/diagnostic.h>

static void leader(void)
{
	scn_host_call(1);
	scn_host_call(0xffff);
}

SCENARIO(host_call, {
	.name = "host-call",
	.title = "hypercalls of the host's own KVM",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.leader = leader),
});
