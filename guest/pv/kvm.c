/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest side of the kvm backend: CPUs that the host has preempted are left out of the IPIs. */
#include <asm/gate.h>
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <asm/types.h>
#include <asm/kvm_para.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/trace.h>

#include "kvm_cpuid.h"

/* The host writes to it; the layout is Documentation/virt/kvm/x86/msr.rst, MSR_KVM_STEAL_TIME. */
static DEFINE_PER_CPU(struct kvm_steal_time, steal_time) __aligned(64);

/*
 * The host has taken the CPU away: leave it word to flush before it gives it back. When it did
 * so in the meantime the exchange fails, and nobody would read the word: tell it by IPI.
 */
static bool defer_flush(unsigned int cpu)
{
	u8 *preempted = &per_cpu(steal_time, cpu).preempted;
	u8 state = READ_ONCE(*preempted);

	if (!(state & KVM_VCPU_PREEMPTED))
		return false;
	trace(PREEMPTED, cpu);
	return try_cmpxchg(preempted, &state, state | KVM_VCPU_FLUSH_TLB);
}

/* This CPU is in its own mask and stays there: it runs. */
static void kvm_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	struct cpumask flushmask = cpumask_now(cpus);
	unsigned int cpu;

	for_each_cpu(cpu, &flushmask) {
		if (!defer_flush(cpu))
			continue;
		cpumask_clear_cpu(cpu, &flushmask);
		trace(ELIDED, cpu, PVTLB_ELIDED_PREEMPTED);
	}
	native_flush_tlb_multi(&flushmask, info);
}

static bool kvm_install(void)
{
	enum pvtlb_refused why = kvm_objection();

	if (why)
		return refuse(why);
	pv_ops.mmu.flush_tlb_multi = kvm_flush_tlb_multi;
	/*
	 * Wrong, and left standing: v4 took it to be true, as whoever is not preempted gets an IPI.
	 * But whoever is preempted may be in the middle of a walk.
	 */
	pv_ops.mmu.flush_tlb_multi_implies_ipi_broadcast = true;
	return true;
}

static void kvm_cpu_up(void)
{
	u64 area = __pa(this_cpu_ptr(&steal_time));

	gate(GATE_WRMSR, MSR_KVM_STEAL_TIME, area | KVM_MSR_ENABLED);
}

/* Memory of a CPU that is gone is not the host's to write to (kvm_guest_cpu_offline()). */
static void kvm_cpu_down(void)
{
	gate(GATE_WRMSR, MSR_KVM_STEAL_TIME, 0);
}

PV_BACKEND(kvm, { .name = "kvm",
		  .install = kvm_install,
		  .cpu_up = kvm_cpu_up,
		  .cpu_down = kvm_cpu_down });
