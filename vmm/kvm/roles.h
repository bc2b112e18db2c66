/* SPDX-License-Identifier: GPL-2.0-only */
/* MMU roles: how vCPUs get a TLB each on a KVM that shadows page tables. */
#ifndef VMM_ROLES_H
#define VMM_ROLES_H

#include <stdint.h>

struct host;

/*
 * A shadowing KVM keeps one shadow of a page table for all vCPUs that use it with the same
 * rights, and then a flush by one cures all: a missing IPI cannot be seen. CR0.WP, CR4.SMEP
 * and the NX bit above a table (an mm's second pgd) are part of its key. None of them makes
 * a difference to a guest whose C runs at ring 3. docs/hosts.md has the measurements.
 */
struct mmu_role {
	const char *name;
	uint64_t cr0_clear; /* bits off in CR0 */
	uint64_t cr4_set;   /* bits on in CR4 */
	uint32_t pgd;	    /* which of an mm's pgds */
	int needs_smep;
};

/*
 * How many roles there are on this host, and the one of vCPU cpu of cpus. When there are more
 * vCPUs than roles the first and the last one keep a role to themselves, and the others share
 * the rest in turn: what an injected fault does to the initiator or to the last CPU shows.
 */
unsigned int mmu_roles(const struct host *host);
const struct mmu_role *mmu_role(const struct host *host, unsigned int cpu, unsigned int cpus);

/* How many TLBs that are independent of each other cpus vCPUs have. */
unsigned int host_tlbs(const struct host *host, unsigned int cpus);

#endif
