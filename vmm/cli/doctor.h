/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb doctor`: what /dev/kvm is, what it can do, what to do about what is missing. */
#ifndef VMM_DOCTOR_H
#define VMM_DOCTOR_H

#include <stdio.h>

#include "cli/images.h"
#include "kvm/host.h"

/*
 * Look at the KVM behind path and print what is found. images may be NULL: then what needs a
 * guest to be measured is said not to have been. sandbox: this process gives up what guests do
 * not take (sandbox/sandbox.h), for good. Returns STATUS_OK, or STATUS_SKIP when no
 * guest can run here.
 */
int doctor(const char *path, const struct images *images, bool sandbox, FILE *to);

/* The same as Markdown: a row of docs/tested-on.md, and all that doctor() prints. */
int doctor_report(const char *path, const struct images *images, bool sandbox, FILE *to);

/*
 * How many of the TLBs of cpus vCPUs are independent, counted by a guest (scenario tlbs):
 * CPUs that see what another one alone has flushed share one with it. 0 with err on failure.
 */
unsigned int measure_tlbs(const struct host *host, const struct images *images, unsigned int cpus,
			  struct error *err);

/*
 * A trip through the gate into ring 0, in turns of a loop at ring 3: some hundreds where ring 0
 * runs on the CPU, many thousands where it is interpreted. 0 with err on failure.
 */
unsigned int measure_ring0(const struct host *host, const struct images *images, struct error *err);
#define RING0_INTERPRETED 4000u

#endif
