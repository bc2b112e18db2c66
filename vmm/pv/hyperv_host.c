/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hyperv backend by the host's KVM (Documentation/virt/kvm/api.rst,
 * KVM_GET_SUPPORTED_HV_CPUID): it serves MSRs, hypercall page and calls itself once the leaves
 * are there.
 */
#include <stdlib.h>
#include <string.h>

#include "kvm/kvm.h"
#include "machine/state.h"
#include "pv/hyperv_leaf.h"

static const char *missing(const struct host *host)
{
	static const struct {
		int cap;
		const char *why;
	} need[] = {
		{ KVM_CAP_HYPERV, "this KVM does not play Hyper-V (no KVM_CAP_HYPERV)" },
		{ KVM_CAP_HYPERV_TLBFLUSH, "this KVM's Hyper-V has no flush hypercalls "
					   "(no KVM_CAP_HYPERV_TLBFLUSH)" },
		{ KVM_CAP_SYS_HYPERV_CPUID, "this KVM does not tell its Hyper-V leaves "
					    "(no KVM_CAP_SYS_HYPERV_CPUID)" },
	};

	for (size_t i = 0; i < sizeof(need) / sizeof(need[0]); i++)
		if (!kvm_cap(host->kvm, need[i].cap))
			return need[i].why;
	return NULL;
}

static unsigned int leaves(const struct machine *m, struct kvm_cpuid_entry2 *leaf, unsigned int max)
{
	struct kvm_cpuid2 *cpuid;
	unsigned int nr;

	cpuid = calloc(1, sizeof(*cpuid) + max * sizeof(*leaf));
	if (!cpuid)
		abort();
	cpuid->nent = max;
	kvm_must(m->host->kvm, KVM_GET_SUPPORTED_HV_CPUID, cpuid);
	nr = cpuid->nent;
	memcpy(leaf, cpuid->entries, nr * sizeof(*leaf));
	free(cpuid);
	return nr;
}

/* KVM signs with a name of its own, which guests do not look for. */
static unsigned int cpuid(const struct vcpu *vcpu, struct kvm_cpuid_entry2 *leaf, unsigned int max)
{
	unsigned int nr = leaves(vcpu->machine, leaf, max);

	for (unsigned int i = 0; i < nr; i++)
		if (leaf[i].function == HYPERV_LEAF)
			hyperv_sign(&leaf[i]);
	return nr;
}

/* What the guest will insist on had better be said before it panics. */
static int create(struct machine *m, struct error *err)
{
	struct kvm_cpuid_entry2 leaf[KVM_MAX_CPUID];
	unsigned int nr = leaves(m, leaf, KVM_MAX_CPUID);

	for (unsigned int i = 0; i < nr; i++)
		if (leaf[i].function == HYPERV_LEAF + HYPERV_CPUID_HINTS &&
		    leaf[i].eax & HV_X64_REMOTE_TLB_FLUSH_RECOMMENDED)
			return 0;
	return fail(err, STATUS_SKIP, "this KVM's Hyper-V does not recommend flush hypercalls");
}

static const struct hypervisor_ops ops = {
	.missing = missing,
	.create = create,
	.cpuid = cpuid,
};

BACKEND(hyperv_host, {
			     .name = "hyperv",
			     .provider = "host",
			     .paravirt = true,
			     .interrupts = INTERRUPTS_NONE,
			     .why = "a flush hypercall interrupts no guest context",
			     .says_no_ipi = true,
			     .ops = &ops,
		     });
