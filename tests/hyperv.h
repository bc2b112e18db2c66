/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests of the hyperv backend share: calls of the TLFS, and its answers, in few letters. */
#ifndef TESTS_HYPERV_H
#define TESTS_HYPERV_H

#include "pv/hyperv_check.h"

#define PAGE HV_PAGE_SIZE

#define SPACE	 2ull
#define LIST	 3ull
#define SPACE_EX 0x13ull
#define LIST_EX	 0x14ull
#define VAR(n)	 ((n##ull) << 17)
#define REPS(n)	 ((n##ull) << 32)
#define FROM(n)	 ((n##ull) << 48)
#define BIT(n)	 (1ull << (n))

#define OK    HV_STATUS_SUCCESS
#define CODE  HV_STATUS_INVALID_HYPERCALL_CODE
#define INPUT HV_STATUS_INVALID_HYPERCALL_INPUT
#define ALIGN HV_STATUS_INVALID_ALIGNMENT
#define PARAM HV_STATUS_INVALID_PARAMETER
#define VP    HV_STATUS_INVALID_VP_INDEX

#endif
