/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests of holding share: how a rule is written down. */
#ifndef TESTS_HOLD_H
#define TESTS_HOLD_H

#include "pvtlb/event.h"
#include "pvtlb/image.h"

#define CPUS 4u
#define ANY  PVTLB_HOLD_ANY

#define RULE(who, at_id, at_n, at_val, until_id, until_n, until_val)                               \
	{                                                                                          \
		.cpus = PVTLB_HOLD_##who, .at = PVTLB_EV_##at_id, .at_arg = at_n,                  \
		.at_value = at_val, .until = PVTLB_EV_##until_id, .until_arg = until_n,            \
		.until_value = until_val                                                           \
	}

#endif
