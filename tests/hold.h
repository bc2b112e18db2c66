/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests of holding share: how a rule is written down. */
#ifndef TESTS_HOLD_H
#define TESTS_HOLD_H

#include "pvtlb/event.h"
#include "pvtlb/image.h"

#define CPUS 4u

#define RULE(who, ...)                                                                             \
	{                                                                                          \
		.cpus = PVTLB_HOLD_##who, __VA_ARGS__                                              \
	}
#define AT(id)	  PVTLB_HOLD_AT_ANY(id)
#define UNTIL(id) PVTLB_HOLD_UNTIL_ANY(id)
#define AT_2M	  PVTLB_HOLD_AT(WALK_LOAD, shift, 21)
#define UNTIL_1	  PVTLB_HOLD_UNTIL(TRIAL, step, 1)

#endif
