/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU masks: 256 bits, the ABI's CPU set under the kernel's name. */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <pvtlb/types.h>

#define NR_CPUS 256

struct cpumask {
	struct pvtlb_cpuset set;
};

extern struct cpumask cpu_online_mask;
/* Those that have been online at some time, and may have something cached since. */
extern struct cpumask cpus_booted_once_mask;
extern unsigned int nr_cpu_ids;

static inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *mask)
{
	return READ_ONCE(mask->set.bits[cpu / 64]) >> (cpu % 64) & 1;
}

static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	atomic_fetch_or(&mask->set.bits[cpu / 64], 1ull << (cpu % 64));
}

static inline void cpumask_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	atomic_fetch_and(&mask->set.bits[cpu / 64], ~(1ull << (cpu % 64)));
}

/* The CPUs that are in the mask now. */
static inline struct cpumask cpumask_now(const struct cpumask *mask)
{
	struct cpumask now;

	for (unsigned int i = 0; i < ARRAY_SIZE(now.set.bits); i++)
		now.set.bits[i] = i <= (nr_cpu_ids - 1) / 64 ? READ_ONCE(mask->set.bits[i]) : 0;
	return now;
}

/* First CPU in the mask at or after cpu; nr_cpu_ids or more when there is none. */
static inline unsigned int cpumask_next_from(unsigned int cpu, const struct cpumask *mask)
{
	while (cpu < nr_cpu_ids && !cpumask_test_cpu(cpu, mask))
		cpu++;
	return cpu;
}

#define for_each_cpu(cpu, mask)                                                                    \
	for ((cpu) = cpumask_next_from(0, mask); (cpu) < nr_cpu_ids;                               \
	     (cpu) = cpumask_next_from((cpu) + 1, mask))
static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	unsigned int cpu, n = 0;

	for_each_cpu(cpu, mask)
		n++;
	return n;
}
#define num_online_cpus() cpumask_weight(&cpu_online_mask)

#define for_each_online_cpu(cpu) for_each_cpu(cpu, &cpu_online_mask)

static inline unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int but)
{
	unsigned int cpu = cpumask_next_from(0, mask);

	return cpu == but ? cpumask_next_from(cpu + 1, mask) : cpu;
}

#endif
