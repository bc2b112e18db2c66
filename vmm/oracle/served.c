/* SPDX-License-Identifier: GPL-2.0-only */
/* What a hypervisor says that it has flushed, held against the flush that it was asked for. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "oracle/served.h"

#define ALL_PAGES (~0ull)

void served_add(struct served *served, const struct pvtlb_event *e, struct column *column)
{
	struct served_range *range;

	served->range = grow(served->range, served->nr, sizeof(*range));
	range = &served->range[served->nr++];
	range->start = e->served.start;
	range->end = e->served.end;
	memcpy(range->cpus, e->served.cpus.bits, sizeof(range->cpus));
	for (unsigned int w = 0; w < WORDS; w++)
		served->cpus[w] |= range->cpus[w];
	column->kept += 2;
}

/* How far it is covered from pos on without a gap: by one more range. */
static uint64_t further(const struct served *served, unsigned int cpu, uint64_t pos)
{
	for (size_t i = 0; i < served->nr; i++) {
		const struct served_range *r = &served->range[i];

		if (set_test(r->cpus, cpu) && r->start <= pos && r->end > pos)
			pos = r->end;
	}
	return pos;
}

bool served_covers(const struct served *served, unsigned int cpu, uint64_t start, uint64_t end,
		   struct column *column)
{
	uint64_t pos = start, next;

	/* Everything is one piece, whatever start says: there is no last page to count to. */
	if (end == ALL_PAGES)
		pos = 0;
	for (; pos < end; pos = next) {
		column->work += served->nr;
		next = further(served, cpu, pos);
		if (next == pos)
			return false;
	}
	return true;
}

void served_reset(struct served *served)
{
	free(served->range);
	*served = (struct served){ 0 };
}
