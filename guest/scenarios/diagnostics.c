/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hang, deadlock, triple-fault: guests that go wrong, to see what the VMM says about them.
 *
 * deadlock is the classic one: the initiator of a flush waits for the acknowledgement of a
 * CPU that spins with IRQs off. The watchdog must say who waits for whom.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;

static void setup(void)
{
	mm = scn_mm_create();
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void initiator(void)
{
	scn_switch_mm(mm);
	scn_release();
	scn_gather();
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
}

static void deaf(void)
{
	scn_wait_release();
	scn_switch_mm(mm);
	scn_irqs_off();
	scn_arrive();
	scn_spin_forever();
}

SCENARIO(hang, {
	.name = "hang",
	.title = "every CPU spins for ever",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.max_cpus = PVTLB_MAX_CPUS,
	.role = { SCENARIO_FN(scn_spin_forever), SCENARIO_FN(scn_spin_forever) },
});

SCENARIO(deadlock, {
	.name = "deadlock",
	.title = "a flush waits for CPUs that spin with IRQs off",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(initiator), SCENARIO_FN(deaf) },
});

SCENARIO(triple_fault, {
	.name = "triple-fault",
	.title = "CPU 0 loads an empty page table",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.max_cpus = PVTLB_MAX_CPUS,
	.role = { SCENARIO_FN(scn_triple_fault), 0 },
});
