/* SPDX-License-Identifier: GPL-2.0-only */
/* How far an exploration is: one line on a terminal, elsewhere a line now and then. */
#ifndef VMM_EXPLORE_HEADWAY_H
#define VMM_EXPLORE_HEADWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct headway {
	FILE *to; /* NULL: it is not shown */
	bool terminal, shown;
	double next; /* when, in seconds from the beginning */
};

struct headway_state {
	const char *doing; /* "bound 2" */
	uint64_t schedules, streams;
	double seconds;
	unsigned int workers; /* that do the same on other parts; 0: it is alone */
	double done, left;    /* 0 to 1; seconds. done 0: nobody knows */
	size_t first, of;     /* first switches: this one, of so many. of 0: there is none */
};

struct headway headway_to(FILE *to);
/* If it is time. */
void headway_show(struct headway *p, const struct headway_state *state);
/* A terminal's line is taken away. */
void headway_end(struct headway *p);

/* The line, at most len - 1 bytes. Returns buf. */
const char *headway_line(const struct headway_state *state, char *buf, size_t len);

#endif
