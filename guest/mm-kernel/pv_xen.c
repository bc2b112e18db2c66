/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The xen backend of the tree: its xen_flush_tlb_multi() and multicalls, and their way to Xen. A
 * kernel that is begun as a PV domain need not look for Xen, and has chosen its vCPUs' numbers
 * itself: those of its CPUs. Here Xen is asked as an HVM guest asks it, CPUID leaves, hypercall
 * page and numbers, and the numbers in a call's mask are exchanged for those.
 */
#include <asm/pgtable.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/percpu.h>

#include "../pv/vcpu_nr.h"
#include "../pv/xen_call.h"
#include "bridge.h"
#include "glue.h"

static bool xen_install(void)
{
	enum pvtlb_refused why = xen_connect();

	if (why)
		return refuse(why);
	return k_install_xen();
}

/* Who of cpus is not asked for. That one is offline is all that the tree may find of it. */
static void left_out(const word cpus[CPU_WORDS], const struct pvtlb_cpuset *asked)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		if ((cpus[cpu / 64] & ~asked->bits[cpu / 64]) >> (cpu % 64) & 1 &&
		    !cpumask_test_cpu(cpu, &cpu_online_mask))
			trace_tree("xen_flush_tlb_multi", ELIDED, cpu, PVTLB_ELIDED_OFFLINE);
}

/* The mask that is read has a bit for each CPU, in whole words; what comes behind is not its. */
static struct pvtlb_cpuset read_mask(const u64 *mask)
{
	struct pvtlb_cpuset cpus = { 0 };

	for (unsigned int i = 0; i < (nr_cpu_ids + 63) / 64; i++)
		cpus.bits[i] = mask[i];
	return cpus;
}

static struct pvtlb_cpuset cpus_to_vcpus(const struct pvtlb_cpuset *cpus)
{
	struct pvtlb_cpuset vcpus = { 0 };

	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++) {
		u32 nr = vcpu_nr[cpu];

		if (nr < NR_CPUS && cpus->bits[cpu / 64] >> (cpu % 64) & 1)
			vcpus.bits[nr / 64] |= 1ull << (nr % 64);
	}
	return vcpus;
}

/*
 * From the tree, with IRQs off: one mmuext_op that is a flush of a mask's CPUs, as xen_mc_flush()
 * makes of a batch of one. All else in the call is as the tree has it, for Xen to judge.
 */
long g_xen_hypercall(word nr, const word args[5], const word cpus[CPU_WORDS])
{
	u64 with[5] = { args[0], args[1], args[2], args[3], args[4] };
	const struct mmuext_op *asked = (void *)args[0];
	struct pvtlb_cpuset set;
	struct mmuext_op op;
	s64 status;

	if (nr != __HYPERVISOR_mmuext_op)
		panic("the tree makes a hypercall that is not bridged to Xen, number", nr);
	op = *asked;
	if (args[1] != 1 || (op.cmd != MMUEXT_TLB_FLUSH_MULTI && op.cmd != MMUEXT_INVLPG_MULTI))
		panic("the tree asks Xen for an mmuext_op that is not bridged, number", op.cmd);
	set = read_mask(asked->arg2.vcpumask.p);
	left_out(cpus, &set);
	set = cpus_to_vcpus(&set);
	op.arg2.vcpumask.p = &set;
	with[0] = (u64)&op;
	xen_trace_ask(TREE_SOURCE("xen_flush_tlb_multi"), &op);
	status = xen_hypercall(nr, with);
	trace_tree("xen_mc_flush", HYPERCALL, nr, status);
	return status;
}

PV_BACKEND(xen, { .name = "xen", .install = xen_install, .cpu_up = xen_cpu_up });
