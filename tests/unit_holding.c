/* SPDX-License-Identifier: GPL-2.0-only */
/* What holding takes from a machine: words in the memory of its guest. */
#include "machine/holding.h"
#include "machine/state.h"
#include "unit_util.h"

/* The words of a machine's guest: hostile numbers are none. */
static void guest_words(void)
{
	const uint64_t size = 0x4000;
	struct error err = { 0 };
	struct machine m = { 0 };
	static const struct {
		gpa_t gpa;
		bool there;
	} cases[] = {
		{ 0, true },	       { 0x3ffc, true },  { 0x3ffd, false },
		{ 0x2ffe, false },     { 0x4000, false }, { UINT64_MAX - 3, false },
		{ UINT64_MAX, false },
	};

	CU_ASSERT_FATAL(!mem_create(&m.mem, size, &err));
	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(machine_hold_ops.word(&m, cases[i].gpa) ==
			       (cases[i].there ? mem_own(&m.mem, cases[i].gpa, 4) : NULL),
		       "gpa %#llx", (unsigned long long)cases[i].gpa);
	mem_destroy(&m.mem);
}

/* Each CPU has a status of its own, in which it sees whether it is held. */
static void statuses(void)
{
	struct error err = { 0 };
	struct machine m = { .layout.status = 0x1000 };

	CU_ASSERT_FATAL(!mem_create(&m.mem, 0x4000, &err));
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		*machine_hold_ops.shown(&m, cpu) = PVTLB_HELD_YES;
		for (unsigned int other = 0; other < 4; other++)
			EXPECT(machine_status(&m, other)->held ==
				       (other == cpu ? PVTLB_HELD_YES : PVTLB_HELD_NOT),
			       "CPU %u of %u", other, cpu);
		*machine_hold_ops.shown(&m, cpu) = PVTLB_HELD_NOT;
	}
	mem_destroy(&m.mem);
}

static unsigned int told[2]; /* that it goes on, that it is held */

static void note(struct vcpu *vcpu, bool held)
{
	told[held] += vcpu->id;
}

/* The backend is told, if it wants to be. */
static void backends(void)
{
	static const struct hypervisor_ops deaf, hears = { .held = note };
	struct vcpu vcpu[4] = { { .id = 0 }, { .id = 1 }, { .id = 2 }, { .id = 3 } };
	struct machine m = { .vcpu = vcpu, .ops = &deaf };

	machine_hold_ops.tell(&m, 3, true);
	CU_ASSERT_EQUAL(told[true], 0);
	m.ops = &hears;
	machine_hold_ops.tell(&m, 3, true);
	machine_hold_ops.tell(&m, 2, false);
	CU_ASSERT_EQUAL(told[true], 3);
	CU_ASSERT_EQUAL(told[false], 2);
}

SUITE(unit_holding, false, { "words of the guest", guest_words }, { "statuses", statuses },
      { "backends", backends });
