/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of events (include/pvtlb/event.h) as data: names, documentation, arguments. */
#ifndef VMM_EVENTS_DESCRIBED_H
#define VMM_EVENTS_DESCRIBED_H

#include <stdbool.h>

#include "pvtlb/event.h"

/* All of them but PVTLB_EV_NONE. */
#define EVENT_FIRST (PVTLB_EV_NONE + 1u)
#define EVENTS_NR   (PVTLB_EV_NR - EVENT_FIRST)

extern const char *const event_names[PVTLB_EV_NR];
extern const char *const event_docs[PVTLB_EV_NR];

struct event_arg {
	const char *name;
	enum pvtlb_kind kind;
	unsigned int words; /* that it takes of an event's */
};
/* An event's arguments; after the last one, one without a name. */
extern const struct event_arg event_args[PVTLB_EV_NR][PVTLB_EVENT_ARGS + 1];
/* The argument that begins with that word, as PVTLB_ARG() counts; NULL: none does. */
const struct event_arg *event_arg_at(unsigned int id, unsigned int word);
/* How many words the event's arguments take; the others are 0. */
unsigned int event_words(unsigned int id);
/* Is it written by the VMM, not by any guest? */
bool event_is_ours(unsigned int id);

#endif
