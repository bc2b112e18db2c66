/* SPDX-License-Identifier: GPL-2.0-only */
/* MMU roles: how vCPUs get a TLB each on a KVM that shadows page tables. */
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "kvm/host.h"
#include "kvm/kvm.h"
#include "kvm/roles.h"

#define CR0_WP	 (1ull << 16)
#define CR4_SMEP (1ull << 20)

static const struct mmu_role roles[] = {
	{ "wp", 0, 0, 0, 0 },
	{ "wp,nx", 0, 0, 1, 0 },
	{ "none", CR0_WP, 0, 0, 0 },
	{ "nx", CR0_WP, 0, 1, 0 },
	{ "smep", CR0_WP, CR4_SMEP, 0, 1 },
	{ "smep,nx", CR0_WP, CR4_SMEP, 1, 1 },
};

int roles_try_smep(int kvm)
{
	struct kvm_cpuid2 *cpuid = kvm_supported_cpuid(kvm);
	struct kvm_cpuid_entry2 *leaf = kvm_cpuid_leaf(cpuid, 7);
	int vm = kvm_try(kvm, KVM_CREATE_VM, 0);
	int vcpu = vm < 0 ? vm : kvm_try(vm, KVM_CREATE_VCPU, 0);
	struct kvm_sregs sregs;
	int ok = 0;

	if (vcpu >= 0 && leaf) {
		leaf->ebx |= 1u << 7;
		kvm_must(vcpu, KVM_SET_CPUID2, cpuid);
		kvm_must(vcpu, KVM_GET_SREGS, &sregs);
		sregs.cr4 |= CR4_SMEP;
		ok = kvm_try(vcpu, KVM_SET_SREGS, &sregs) >= 0;
	}
	if (vcpu >= 0)
		close(vcpu);
	if (vm >= 0)
		close(vm);
	free(cpuid);
	return ok;
}

/* The n-th role that this host can do, or NULL. */
static const struct mmu_role *nth(const struct host *host, unsigned int n)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (roles[i].needs_smep && !host->smep)
			continue;
		if (!n--)
			return &roles[i];
	}
	return NULL;
}

unsigned int mmu_roles(const struct host *host)
{
	unsigned int n = 0;

	/* Hardware has a TLB per CPU whatever the role. */
	if (host->kind != HOST_PVM)
		return 1;
	while (nth(host, n))
		n++;
	return n;
}

const struct mmu_role *mmu_role(const struct host *host, unsigned int cpu, unsigned int cpus)
{
	unsigned int nr = mmu_roles(host);

	if (cpus <= nr || nr < 3)
		return nth(host, cpu % nr);
	if (cpu == 0 || cpu == cpus - 1)
		return nth(host, cpu != 0);
	return nth(host, 2 + (cpu - 1) % (nr - 2));
}
