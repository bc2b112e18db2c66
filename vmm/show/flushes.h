/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of a trial's flushes says most. */
#ifndef VMM_SHOW_FLUSHES_H
#define VMM_SHOW_FLUSHES_H

#include "events/events.h"

struct chosen_flush {
	uint64_t begin;		   /* the number of its first event; 0: there is no flush */
	unsigned int actor, other; /* who flushes; who walks or has looked, or the actor: nobody */
	uint64_t table, unhooked;  /* that was taken out for it, and when; 0: none */
	size_t from;		   /* the place from where on things lead to it */
};

/*
 * Of the events in these places: the first flush in the course of another CPU's walk; or else
 * while another CPU is lazy, held or offline; or else after one has looked through the mm. Of
 * equals, one for which a table was taken out.
 */
struct chosen_flush flushes_choose(const struct event_stream *stream, size_t from, size_t until);

#endif
