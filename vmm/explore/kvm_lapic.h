/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU's local APIC, as KVM keeps it: what is requested, and keeping it back. */
#ifndef VMM_EXPLORE_KVM_LAPIC_H
#define VMM_EXPLORE_KVM_LAPIC_H

#include <stdbool.h>

/* Is any interrupt requested and not yet taken? fd: the vCPU's. */
bool lapic_requests(int fd);
/* Interrupts stay in the local APIC, or are let go on. */
void lapic_hold(int fd, bool hold);

#endif
