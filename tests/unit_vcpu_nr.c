/* SPDX-License-Identifier: GPL-2.0-only */
/* The numbers by which vCPUs are named: all of them, each once, and never the CPU's own. */
#include "pv/vcpu_nr.h"
#include "unit_util.h"

static void numbers(void)
{
	for (unsigned int cpus = 1; cpus <= PVTLB_MAX_CPUS; cpus++) {
		struct pvtlb_cpuset seen = { 0 };
		bool inverse = true;

		for (unsigned int cpu = 0; cpu < cpus; cpu++) {
			unsigned int nr = vcpu_nr(cpu, cpus);

			EXPECT(nr < cpus && !cpuset_has(&seen, nr), "%u of %u: %u", cpu, cpus, nr);
			EXPECT(cpus == 1 || nr != cpu, "%u of %u", cpu, cpus);
			EXPECT(vcpu_nr_cpu(nr, cpus) == cpu, "%u of %u: %u", cpu, cpus, nr);
			cpuset_add(&seen, nr);
			inverse &= vcpu_nr(nr, cpus) == cpu;
		}
		/* The wrong way round must not be right. */
		EXPECT(inverse == (cpus <= 2), "%u CPUs", cpus);
	}
}

static void sets(void)
{
	struct pvtlb_cpuset vcpus = { { 1, 1ull << 63, 0, 2 } }, cpus, none = { 0 };

	cpus = vcpu_nr_cpus(&vcpus, PVTLB_MAX_CPUS);
	for (unsigned int cpu = 0; cpu < 64 * PVTLB_CPUSET_WORDS; cpu++)
		EXPECT(cpuset_has(&cpus, cpu) ==
			       (cpu == PVTLB_MAX_CPUS - 1 || cpu == 126 || cpu == 192),
		       "CPU %u", cpu);
	cpus = vcpu_nr_cpus(&none, PVTLB_MAX_CPUS);
	CU_ASSERT_TRUE(cpuset_empty(&cpus));
}

SUITE(unit_vcpu_nr, false, { "a permutation", numbers }, { "sets", sets });
