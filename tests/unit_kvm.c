/* SPDX-License-Identifier: GPL-2.0-only */
/* The kvm backend's hypervisor side: what a guest may store to MSR_KVM_STEAL_TIME. */
#include <asm/kvm_para.h>

#include "pv/kvm.h"
#include "unit_util.h"

#define RAM 0x4000000ull

static void steal_time(void)
{
	static const struct {
		const char *what;
		uint64_t value;
		uint64_t ram;
		bool ok;
	} cases[] = {
		{ "off", 0, RAM, true },
		{ "off, whatever the address", ~0x3full, RAM, true },
		{ "off, a reserved bit", 2, RAM, false },
		{ "off, all reserved bits", 0x3e, RAM, false },
		{ "on, at 0", 1, RAM, true },
		{ "on", 0x1000 | 1, RAM, true },
		{ "on, reserved bit 1", 0x1000 | 3, RAM, false },
		{ "on, reserved bit 5", 0x1000 | 0x21, RAM, false },
		{ "the last 64 bytes", (RAM - 64) | 1, RAM, true },
		{ "behind them", RAM | 1, RAM, false },
		{ "RAM that ends within it", (RAM - 64) | 1, RAM - 1, false },
		{ "RAM that ends before it", (RAM - 64) | 1, RAM - 64, false },
		{ "no RAM", 1, 0, false },
		{ "less RAM than it takes", 1, 63, false },
		{ "as much", 1, 64, true },
		{ "the top of all addresses", ~0x3full | 1, RAM, false },
		{ "all RAM there can be", ~0x3full | 1, UINT64_MAX, false },
		{ "bit 63", 1ull << 63 | 1, RAM, false },
		{ "an address that is right in 32 bits", 1ull << 32 | 0x1000 | 1, RAM, false },
		{ "all ones", UINT64_MAX, RAM, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(kvm_check_steal_time(cases[i].value, cases[i].ram) == cases[i].ok, "%s",
		       cases[i].what);
}

static void steal_time_random(void)
{
	struct rnd rng = { 19 };
	unsigned int accepted = 0, nonsense = 0;

	for (int i = 0; i < 200000; i++) {
		uint64_t keep = rnd_below(&rng, 2) ? ~0x3eull : ~0ull;
		uint64_t value = rnd(&rng) >> rnd_below(&rng, 64) & keep;

		if (!kvm_check_steal_time(value, RAM))
			continue;
		accepted++;
		nonsense += value & 0x3e || (value & 1 && (value & ~0x3full) > RAM - 64);
	}
	CU_ASSERT_EQUAL(nonsense, 0);
	EXPECT(accepted > 1000, "%u accepted", accepted);
}

SUITE(unit_kvm, false, { "MSR_KVM_STEAL_TIME", steal_time },
      { "MSR_KVM_STEAL_TIME: random", steal_time_random });
