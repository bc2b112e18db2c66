/* SPDX-License-Identifier: GPL-2.0-only */
/* The lives of pages, event by event: whose they are, and who reads them. */
#ifndef VMM_SHOW_BARS_H
#define VMM_SHOW_BARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "show/show.h"

enum bar_state { BAR_NEW, BAR_OWNED, BAR_UNHOOKED, BAR_DEPOSITED, BAR_FREE, BAR_STATES };
extern const char *const bar_names[BAR_STATES];

/* The life of a page as a page table, or as data. */
struct bar {
	uint64_t page;
	bool table;
	struct bar_part {
		size_t from, to;
		enum bar_state state;
		uint64_t mm; /* 0: nobody's, or not known */
	} *part;
	size_t nr_parts;
	struct bar_dot {
		size_t at;
		bool bad; /* by then it was another's */
	} *dot; /* walkers' loads from it */
	size_t nr_dots;
	bool unhooked; /* at any time */
};

struct bars {
	struct bar *bar;
	size_t nr;
	size_t last; /* place of the last event that there will be: what is open ends there */
};

/* The event at that place. violation: whose use of a table is a bad one; NULL: nobody's. */
void bars_event(struct bars *b, const struct pvtlb_event *e, size_t at,
		const struct violation *violation);
void bars_free(struct bars *b);

#endif
