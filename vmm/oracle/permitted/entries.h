/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores to page tables, as the events tell of them. */
#ifndef VMM_ORACLE_PERMITTED_ENTRIES_H
#define VMM_ORACLE_PERMITTED_ENTRIES_H

#include "oracle/permitted/versions.h"

/* Follow PTE_SET, TABLE_HOOK, TABLE_UNHOOK and PTE_STORED. */
void entries_event(struct entries *en, const struct pvtlb_event *e);

#endif
