/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be known of a run besides its verdict. */
#ifndef VMM_JUDGE_REMARKS_H
#define VMM_JUDGE_REMARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/facts.h"

/* Each that applies, behind why, which has room for len bytes; what does not fit is cut off. */
void remarks_add(const struct run_config *config, uint32_t claims, const struct run_facts *facts,
		 bool passed, char *why, size_t len);

#endif
