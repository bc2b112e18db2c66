/* SPDX-License-Identifier: GPL-2.0-only */
/* A KVM virtual machine with the guest's memory, and whose MSRs are whose. */
#ifndef VMM_VM_H
#define VMM_VM_H

#include "base/error.h"

struct backend;
struct guest_mem;
struct host;

/* Returns its file descriptor, or -1 with err. */
int vm_create(const struct host *host, const struct guest_mem *mem, const struct backend *backend,
	      struct error *err);

#endif
