/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPUs say that they have done, against what they did. */
#ifndef VMM_ORACLE_PERMITTED_SAID_H
#define VMM_ORACLE_PERMITTED_SAID_H

#include "oracle/permitted/removal.h"

struct said {
	struct column *column;
	struct tlbs *tlbs;
	struct removal *removal;
	uint64_t enter[CPUS];  /* the last FLUSH_ENTER */
	uint64_t loaded[CPUS]; /* the last CR3 load that removes something, and INVLPG */
	uint64_t invlpg[CPUS];
};

/* tag-reused: a CR3 load keeps what another mm has under the tag. Before it is followed. */
void said_before(struct said *s, const struct pvtlb_event *e);
/* not-done: SWITCH_MM, LAZY, FLUSH_FUNC, ASID, and going on without a flush that is owed. */
void said_event(struct said *s, const struct pvtlb_event *e);

#endif
