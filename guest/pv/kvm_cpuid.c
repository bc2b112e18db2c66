/* SPDX-License-Identifier: GPL-2.0-only */
/* May a guest leave KVM's preempted vCPUs out of a flush? By its CPUID leaves. */
#include <asm/gate.h>
#include <asm/types.h>
#include <asm/kvm_para.h>
#include <linux/cpumask.h>

#include "kvm_cpuid.h"

#define CPUID_1_ECX_MONITOR (1u << 3) /* and MWAIT; Intel SDM vol. 2, CPUID */

/* As Linux asks in pv_tlb_flush_supported(), arch/x86/kernel/kvm.c. */
enum pvtlb_refused kvm_objection(void)
{
	u32 base = hypervisor_cpuid_base(KVM_SIGNATURE, 1), feature[4], cpu[4];

	if (!base)
		return PVTLB_REFUSED_NO_HYPERVISOR;
	/* Documentation/virt/kvm/x86/cpuid.rst: features in eax, hints in edx. */
	gate_cpuid(base + (KVM_CPUID_FEATURES - KVM_CPUID_SIGNATURE), 0, feature);
	if (!(feature[0] >> KVM_FEATURE_PV_TLB_FLUSH & 1) ||
	    !(feature[0] >> KVM_FEATURE_STEAL_TIME & 1))
		return PVTLB_REFUSED_NO_FEATURE;
	if (feature[3] >> KVM_HINTS_REALTIME & 1)
		return PVTLB_REFUSED_HINT;
	gate_cpuid(1, 0, cpu);
	if (cpu[2] & CPUID_1_ECX_MONITOR)
		return PVTLB_REFUSED_MWAIT;
	return nr_cpu_ids == 1 ? PVTLB_REFUSED_ONE_CPU : 0;
}
