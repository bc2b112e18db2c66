/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a story: who did what, in the order in which it happened. */
#ifndef VMM_SHOW_STORY_H
#define VMM_SHOW_STORY_H

#include "show/show.h"

/*
 * The trial of the first violation, or the first one; the two CPUs that it is about; in lines of
 * 80 columns. What was wrong, or what protected, at the end.
 */
void story_print(FILE *to, const struct shown *s);
/* Its end alone: what was wrong, or what protected. */
void ending_print(FILE *to, const struct shown *s);

/* The event that is its first step, by its number; 0: it has none. */
uint64_t story_begins(const struct shown *s);

#endif
