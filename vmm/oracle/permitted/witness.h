/* SPDX-License-Identifier: GPL-2.0-only */
/* The second witness: what was seen through the hardware, held against the permitted TLB. */
#ifndef VMM_ORACLE_PERMITTED_WITNESS_H
#define VMM_ORACLE_PERMITTED_WITNESS_H

#include "oracle/permitted/result.h"
#include "oracle/permitted/tlbs.h"

/* ACCESS: model-fault, if the CPU could not find what it has found. */
void witness(struct tlbs *t, struct permitted *out, const struct pvtlb_event *e);

#endif
