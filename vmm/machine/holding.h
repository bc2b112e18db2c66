/* SPDX-License-Identifier: GPL-2.0-only */
/* How vCPUs of a machine are held: where its guest, its backend and its KVM come in. */
#ifndef VMM_HOLDING_H
#define VMM_HOLDING_H

#include "hold/hold.h"

/* ctx is the struct machine. */
extern const struct hold_ops machine_hold_ops;

#endif
