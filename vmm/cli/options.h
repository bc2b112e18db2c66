/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of `pvtlb run`. */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include "base/error.h"
#include "cli/command_line.h"

/*
 * Parse the words behind the command ("run" and the like: argv[0]). 0, or -1 with err saying
 * which word is wrong and what would be right. Strings point into argv.
 */
int options_parse(struct command_line *cl, int argc, char **argv, struct error *err);
/* Was the option of that long name among the words? */
bool options_given(const struct command_line *cl, const char *name);

#endif
