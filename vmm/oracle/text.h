/* SPDX-License-Identifier: GPL-2.0-only */
/* Words that the sentence about a violation and the report of it have in common. */
#ifndef VMM_ORACLE_TEXT_H
#define VMM_ORACLE_TEXT_H

#include <stddef.h>

#include "oracle/leaves.h"

/* "page 0x2000, writable"; returns buf. */
const char *pte_text(uint64_t pte, char *buf, size_t len);
/* What a CPU did to a table with a PVTLB_EV_TABLE_* that releases it: "freed". */
const char *release_text(uint16_t id);
/* What came of an access: "reached page". */
const char *outcome_text(uint64_t outcome);

#endif
