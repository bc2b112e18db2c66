/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPUs: which there are, and what the boot CPU can do. */
#include <asm/cpufeature.h>
#include <asm/gate.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/wait.h>

unsigned int nr_cpu_ids = 1;
struct cpumask cpu_online_mask;
struct cpumask cpus_booted_once_mask;

bool boot_cpu_has[X86_FEATURE_NR];

/* Leaf, register (0 eax .. 3 edx), bit. */
static const struct {
	u32 leaf;
	u8 reg, bit;
} features[X86_FEATURE_NR] = {
	/* AMD APM vol. 3, CPUID Fn8000_0008_EBX[3] */
	[X86_FEATURE_INVLPGB] = { 0x80000008, 1, 3 },
	/* Intel SDM vol. 2, CPUID.01H:ECX[17] */
	[X86_FEATURE_PCID] = { 1, 2, 17 },
};

static bool has(u32 leaf, unsigned int reg, unsigned int bit)
{
	u32 r[4];

	/* The highest leaf of this range: others answer with something else. */
	gate_cpuid(leaf & 0x80000000u, 0, r);
	if (r[0] < leaf)
		return false;
	gate_cpuid(leaf, 0, r);
	return r[reg] >> bit & 1;
}

void identify_boot_cpu(void)
{
	for (int i = 0; i < X86_FEATURE_NR; i++)
		boot_cpu_has[i] = has(features[i].leaf, features[i].reg, features[i].bit);
}

static DEFINE_PER_CPU(u32, calling);

/*
 * The store is there for all to see before the caller looks who is online. A CPU that goes clears
 * its bit and looks here: one of the two sees the other's.
 */
void calls_begin(void)
{
	WRITE_ONCE(*this_cpu_ptr(&calling), 1);
	smp_mb();
}

void calls_end(void)
{
	smp_store_release(this_cpu_ptr(&calling), 0);
}

void wait_for_calls(void)
{
	unsigned int cpu;

	smp_mb();
	for_each_online_cpu(cpu)
		while (smp_load_acquire(per_cpu_ptr(&calling, cpu)))
			cpu_yield();
}
