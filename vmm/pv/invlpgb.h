/* SPDX-License-Identifier: GPL-2.0-only */
/* INVLPGB done by hand: the checks that the CPU would make. */
#ifndef VMM_PV_INVLPGB_H
#define VMM_PV_INVLPGB_H

#include <stdbool.h>

#include "pvtlb/invlpgb.h"

/* Of CR4, what the VMM plays where the host's CPU does not have it. */
#define INVLPGB_CR4_OURS X86_CR4_PCIDE

/*
 * Check the payload of an INVLPGB, len bytes, by AMD APM vol. 3, on a CPU with CR4.PCIDE as it
 * is: PVTLB_OK with the pages that it names in [*start, *end), *end ~0 for everything, or
 * -PVTLB_EINVAL for what is #GP.
 */
int64_t invlpgb_check(const void *payload, uint32_t len, bool pcide, uint64_t *start,
		      uint64_t *end);

/*
 * May a CPU with these registers load the value into CR4? -PVTLB_EINVAL: #GP. CR4.PCIDE cannot
 * be set while CR3 holds a PCID (Intel SDM vol. 3, 4.10.1).
 */
int64_t invlpgb_check_cr4(uint64_t value, uint64_t cr4, uint64_t cr3);

#endif
