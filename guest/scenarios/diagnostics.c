/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hang, missing, deadlock, triple-fault: guests that go wrong, to see what the VMM says of them.
 *
 * deadlock is the classic one: the initiator of a flush waits for the acknowledgement of a
 * CPU that spins with IRQs off. The watchdog must say who waits for whom.
 */
#include <scenario.h>
#include <scenario/diagnostic.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u32 deaf;

static void setup(void)
{
	mm = scn_mm_create();
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void go_deaf(void)
{
	scn_irqs_off();
	atomic_fetch_add(&deaf, 1);
	scn_spin_forever();
}

static void flush_the_deaf(void)
{
	scn_release(go_deaf);
	scn_spin_until(&deaf, scn_nr_cpus() - 1);
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
}

static void hang(void)
{
	scn_phase(scn_spin_forever);
}

static void lose_the_last(void)
{
	if (scn_cpu() == scn_nr_cpus() - 1)
		scn_spin_forever();
}

static void miss_one(void)
{
	scn_phase(lose_the_last);
}

SCENARIO(hang, {
		       .name = "hang",
		       .title = "every CPU spins for ever",
		       .flags = PVTLB_SCENARIO_DIAGNOSTIC,
		       .min_cpus = 1,
		       .program = SCN_PROGRAM(.leader = hang),
	       });

SCENARIO(missing, {
			  .name = "missing",
			  .title = "the last CPU never arrives from a phase",
			  .flags = PVTLB_SCENARIO_DIAGNOSTIC,
			  .program = SCN_PROGRAM(.leader = miss_one),
		  });

SCENARIO(deadlock,
	 {
		 .name = "deadlock",
		 .title = "a flush waits for CPUs that spin with IRQs off",
		 .flags = PVTLB_SCENARIO_DIAGNOSTIC,
		 .program = SCN_PROGRAM(.setup = setup, .enter = enter, .leader = flush_the_deaf),
	 });

SCENARIO(triple_fault, {
			       .name = "triple-fault",
			       .title = "CPU 0 loads an empty page table",
			       .flags = PVTLB_SCENARIO_DIAGNOSTIC,
			       .min_cpus = 1,
			       .program = SCN_PROGRAM(.leader = scn_triple_fault),
		       });
