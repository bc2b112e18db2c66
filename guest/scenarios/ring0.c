/* SPDX-License-Identifier: GPL-2.0-only */
/* ring0: is ring 0 interpreted here? A trip into it, against a loop at ring 3 in the same run. */
#include <scenario.h>
#include <scenario/diagnostic.h>

SCENARIO(ring0, {
	.name = "ring0",
	.title = "what a trip into ring 0 costs, against a loop at ring 3",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.leader = scn_measure_ring0),
});
