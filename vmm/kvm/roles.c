/* SPDX-License-Identifier: GPL-2.0-only */
/* MMU roles: how vCPUs get a TLB each on a KVM that shadows page tables. */
#include <stddef.h>

#include "kvm/host.h"
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

	/* Hardware that walks the guest's own tables has a TLB per CPU whatever the role. */
	if (!host_shadows(host))
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

unsigned int host_tlbs(const struct host *host, unsigned int cpus)
{
	unsigned int nr = mmu_roles(host);

	return host_shadows(host) && cpus > nr ? nr : cpus;
}
