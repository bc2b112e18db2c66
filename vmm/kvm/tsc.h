/* SPDX-License-Identifier: GPL-2.0-only */
/* How fast a guest's time-stamp counter runs. */
#ifndef VMM_TSC_H
#define VMM_TSC_H

#include <stdint.h>

/* kHz of the TSC of a vCPU, by its file descriptor: as KVM says or, where it does not, measured. */
uint64_t tsc_khz(int vcpu);

#endif
