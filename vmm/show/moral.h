/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be learnt from a run: why it went wrong, what would have helped, what the harm is. */
#ifndef VMM_SHOW_MORAL_H
#define VMM_SHOW_MORAL_H

#include "show/show.h"

/* Of the violation; a line for each thing that there is to say. */
void moral_print(FILE *to, const struct shown *s);

#endif
