/* SPDX-License-Identifier: GPL-2.0-only */
/* Which options a command takes: whether the given ones fit, and its help. */
#ifndef VMM_FIT_H
#define VMM_FIT_H

#include <stdio.h>

#include "base/error.h"
#include "cli/command_line.h"

/*
 * Does the command take all that was given? takes: names of options between blanks, besides
 * --help; NULL: all of them. words: how many words it takes. 0, or -1 with err.
 */
int options_fit(const struct command_line *cl, const char *command, const char *takes,
		unsigned int words, struct error *err);
/* The options that a command takes, as options_fit() has them, in lines of 80 columns. */
void options_help(FILE *to, const char *takes);

#endif
