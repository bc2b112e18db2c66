/* SPDX-License-Identifier: GPL-2.0-only */
/* What kind of /dev/kvm this is. */
#ifndef VMM_HOST_H
#define VMM_HOST_H

#include <stdbool.h>

#include "error.h"

enum host_kind { HOST_PVM, HOST_SVM, HOST_VMX, HOST_KINDS };
extern const char *const host_kind_names[HOST_KINDS];

struct host {
	int kvm; /* file descriptor of /dev/kvm */
	enum host_kind kind;
	const char *kind_why; /* how the kind was found out */
	int max_vcpus;
	int nr_cpus; /* host CPUs this process may use */
	bool smep; /* usable for MMU roles */
};

#define KVM_PATH "/dev/kvm"

/* Open path (KVM_PATH) and look. Check err for STATUS_SKIP: this machine cannot run guests. */
int host_open(struct host *host, const char *path, struct error *err);
void host_close(struct host *host);

/* Does a large page's stale translation show here? A KVM that shadows keeps those coherent. */
static inline bool host_shows_2m(const struct host *host)
{
	return host->kind != HOST_PVM;
}

/* How many TLBs that are independent of each other cpus vCPUs have. */
unsigned int host_tlbs(const struct host *host, unsigned int cpus);

#endif
