/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hang, deadlock, triple-fault: guests that go wrong, to see what the VMM says about them.
 *
 * deadlock is the classic one: the initiator of a flush waits for the acknowledgement of a
 * CPU that spins with IRQs off. The watchdog must say who waits for whom.
 */
#include <seam.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;

static void setup(void)
{
	mm = seam_mm_create();
	seam_map(mm, ADDR, seam_page_alloc(SEAM_4K), true, SEAM_4K);
}

static void initiator(void)
{
	seam_switch_mm(mm);
	seam_release();
	seam_gather();
	seam_flush(mm, ADDR, ADDR + 4096, SEAM_4K, false);
}

static void deaf(void)
{
	seam_wait_release();
	seam_switch_mm(mm);
	seam_irqs_off();
	seam_arrive();
	seam_spin_forever();
}

SCENARIO(hang, {
	.name = "hang",
	.title = "every CPU spins for ever",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.max_cpus = PVTLB_MAX_CPUS,
	.role = { SCENARIO_FN(seam_spin_forever), SCENARIO_FN(seam_spin_forever) },
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
	.role = { SCENARIO_FN(seam_triple_fault), 0 },
});
