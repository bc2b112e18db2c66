/* SPDX-License-Identifier: GPL-2.0-only */
/* What the policy in force wants to be asked; by itself, so that whoever asks needs no more. */
#include <asm/tlb_policy.h>

static const struct tlb_policy_ops nothing;
const struct tlb_policy_ops *tlb_policy = &nothing;
