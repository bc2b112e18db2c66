/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as one picture, for slides. */
#ifndef VMM_SHOW_SVG_H
#define VMM_SHOW_SVG_H

#include "show/show.h"

/* The stretch that the story tells, as SVG. 0, or -1 when it was not written. */
int svg_print(FILE *to, const struct shown *s);

#endif
