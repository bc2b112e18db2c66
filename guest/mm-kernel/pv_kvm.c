/* SPDX-License-Identifier: GPL-2.0-only */
/* The kvm backend of the tree: its kvm_flush_tlb_multi(), and its steal_time for the host. */
#include <asm/gate.h>
#include <asm/page.h>
#include <asm/paravirt.h>
#include <asm/types.h>
#include <asm/kvm_para.h>
#include <linux/percpu.h>

#include "../pv/kvm_cpuid.h"
#include "bridge.h"

static bool kvm_install(void)
{
	enum pvtlb_refused why = kvm_objection();

	if (why)
		return refuse(why);
	return k_install_kvm();
}

static void kvm_cpu_up(void)
{
	gate(GATE_WRMSR, MSR_KVM_STEAL_TIME,
	     __pa(k_steal_time(smp_processor_id())) | KVM_MSR_ENABLED);
}

PV_BACKEND(kvm, { .name = "kvm", .install = kvm_install, .cpu_up = kvm_cpu_up });
