/* SPDX-License-Identifier: GPL-2.0-only */
/* INVLPGB done by hand: the check of its operands. */
#ifndef VMM_PV_INVLPGB_H
#define VMM_PV_INVLPGB_H

#include "pvtlb/invlpgb.h"

/*
 * Check the payload of an INVLPGB, len bytes, by AMD APM vol. 3: PVTLB_OK with the pages that
 * it names in [*start, *end), *end ~0 for everything, or -PVTLB_EINVAL for what is #GP.
 */
int64_t invlpgb_check(const void *payload, uint32_t len, uint64_t *start, uint64_t *end);

#endif
