/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a page of HTML, and the data behind it. */
#ifndef VMM_SHOW_HTML_H
#define VMM_SHOW_HTML_H

#include <jansson.h>

#include "show/show.h"

/*
 * What the page is told of a run (docs/show.md has the members): the trial that the story is
 * about, or with whole every event. A new reference.
 */
json_t *show_data(const struct shown *s, bool whole);

/* The page about these runs, of show_data(). 0, or -1 with errno when it was not written. */
int html_print(FILE *to, json_t *const *runs, unsigned int nr);

#endif
