/* SPDX-License-Identifier: GPL-2.0-only */
/* What of a run a story is about: which events, which CPUs, which flush, which page table. */
#ifndef VMM_SHOW_FOCUS_H
#define VMM_SHOW_FOCUS_H

#include "show/show.h"

struct focus {
	size_t from, until; /* places of events; the second one is behind the last */
	size_t trial_until; /* of the whole trial */
	unsigned int actor; /* who changes the mm and flushes */
	unsigned int other; /* who walks, or has something cached; the actor: nobody */
	uint64_t table;	    /* that is taken out; 0: none */
	uint64_t unhooked;  /* the number of the event that says so; 0: none */
	uint64_t mm;	    /* that is flushed */
	uint64_t flush;	    /* the number of the flush's first event; 0: there is none */
};

void focus_make(struct focus *f, const struct shown *s);

#endif
