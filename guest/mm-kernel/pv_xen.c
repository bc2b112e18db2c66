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

/* Copies of what the tree asks for, by CPUs, that ask by vCPUs. Per CPU: Xen reads it. */
#define BATCH 32 /* as the tree's MC_BATCH */
struct xen_asked {
	struct multicall_entry call[BATCH];
	struct mmuext_op op[BATCH];
	struct pvtlb_cpuset vcpus[BATCH];
};
static DEFINE_PER_CPU(struct xen_asked, xen_asked);

/* One mmuext_op that is a flush of a mask's CPUs; its arguments as they stood in registers. */
static void ask(struct xen_asked *asked, unsigned int i, u64 nr, u64 args[5],
		const word cpus[CPU_WORDS])
{
	struct mmuext_op *op = &asked->op[i];
	struct pvtlb_cpuset set;

	if (nr != __HYPERVISOR_mmuext_op)
		panic("the tree makes a hypercall that is not bridged to Xen, number", nr);
	*op = *(struct mmuext_op *)args[0];
	if (args[1] != 1 || (op->cmd != MMUEXT_TLB_FLUSH_MULTI && op->cmd != MMUEXT_INVLPG_MULTI))
		panic("the tree asks Xen for an mmuext_op that is not bridged, number", op->cmd);
	set = read_mask(op->arg2.vcpumask.p);
	left_out(cpus, &set);
	asked->vcpus[i] = cpus_to_vcpus(&set);
	op->arg2.vcpumask.p = &asked->vcpus[i];
	args[0] = (u64)op;
	xen_trace_ask(TREE_SOURCE("xen_flush_tlb_multi"), op);
}

/*
 * From the tree, with IRQs off: xen_mc_flush() makes a call of a batch of one, and a multicall of
 * others. All else in it is as the tree has it, for Xen to judge.
 */
long g_xen_hypercall(word nr, const word args[5], const word cpus[CPU_WORDS])
{
	struct multicall_entry *list = nr == __HYPERVISOR_multicall ? (void *)args[0] : NULL;
	u64 with[5] = { args[0], args[1], args[2], args[3], args[4] };
	struct xen_asked *asked = this_cpu_ptr(&xen_asked);
	unsigned int i, calls = list ? args[1] : 0;
	s64 status;

	if (calls > BATCH)
		panic("more calls in a multicall of the tree's than the bridge has room for",
		      calls);
	for (i = 0; i < calls; i++) {
		asked->call[i] = list[i];
		ask(asked, i, list[i].op, (u64 *)asked->call[i].args, cpus);
	}
	if (list)
		with[0] = (u64)asked->call;
	else
		ask(asked, 0, nr, with, cpus);
	status = xen_hypercall(nr, with);
	for (i = 0; i < calls; i++)
		list[i].result = asked->call[i].result;
	trace_tree("xen_mc_flush", HYPERCALL, nr, status);
	return status;
}

PV_BACKEND(xen, { .name = "xen", .install = xen_install, .cpu_up = xen_cpu_up });
