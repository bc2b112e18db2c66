/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPUs: which there are, and what the boot CPU can do. */
#include <asm/cpufeature.h>
#include <asm/gate.h>
#include <linux/cpumask.h>

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
