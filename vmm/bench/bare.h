/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM with nothing in it: the floor under every run of a guest. */
#ifndef VMM_BENCH_BARE_H
#define VMM_BENCH_BARE_H

#include <stdbool.h>

#include "base/error.h"
#include "kvm/host.h"

struct bare_times {
	double whole; /* seconds, from no VM to none */
	double exit;  /* of one exit and the way back in; the mean of many */
};

/*
 * A VM of 64 MiB with so many vCPUs, each on a thread of its own, pinned, and run to one exit;
 * CPU 0's to `exits` more, which are timed and no part of the whole. split: only the local APICs
 * are in the kernel. 0, or -1 with err.
 */
int bare_vm(const struct host *host, unsigned int cpus, bool split, unsigned int exits,
	    struct bare_times *t, struct error *err);

#endif
