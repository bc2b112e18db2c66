/* SPDX-License-Identifier: GPL-2.0-only */
/* What was held against what CPUs may have cached. */
#ifndef VMM_ORACLE_PERMITTED_RESULT_H
#define VMM_ORACLE_PERMITTED_RESULT_H

#include "oracle/violation.h"

/* No hardware is asked: it may have dropped anything, at any time. */
struct permitted {
	uint64_t stores;  /* to page tables; 0 if no CPU says what is in its CR3 */
	uint64_t flushes; /* that returned */
	uint64_t calls;	  /* of mm's that did */
	uint64_t pages;	  /* data pages given back */
	uint64_t tables;  /* put to another use */
	uint64_t looks;	  /* accesses that the model was held against */
	bool gave_up;	  /* as in struct safe */
	struct violations bad;
};

#endif
