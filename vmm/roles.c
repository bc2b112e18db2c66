/* SPDX-License-Identifier: GPL-2.0-only */
/* MMU roles: how vCPUs get a TLB each on a KVM that shadows page tables. */
#include <stddef.h>

#include "host.h"
#include "roles.h"

#define CR0_WP	 (1ull << 16)
#define CR4_SMEP (1ull << 20)
#define CR4_SMAP (1ull << 21)

static const struct mmu_role roles[] = {
	{ "wp", 0, 0, 0, 0, 0 },
	{ "wp,nx", 0, 0, 1, 0, 0 },
	{ "-", CR0_WP, 0, 0, 0, 0 },
	{ "nx", CR0_WP, 0, 1, 0, 0 },
	{ "smep", CR0_WP, CR4_SMEP, 0, 1, 0 },
	{ "smep,nx", CR0_WP, CR4_SMEP, 1, 1, 0 },
	{ "smap", CR0_WP, CR4_SMAP, 0, 0, 1 },
	{ "smap,nx", CR0_WP, CR4_SMAP, 1, 0, 1 },
	{ "smep,smap", CR0_WP, CR4_SMEP | CR4_SMAP, 0, 1, 1 },
	{ "smep,smap,nx", CR0_WP, CR4_SMEP | CR4_SMAP, 1, 1, 1 },
};

/* The n-th role that this host can do, or NULL. */
static const struct mmu_role *nth(const struct host *host, unsigned int n)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if ((roles[i].needs_smep && !host->smep) || (roles[i].needs_smap && !host->smap))
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

const struct mmu_role *mmu_role(const struct host *host, unsigned int cpu)
{
	return nth(host, cpu % mmu_roles(host));
}
