/* SPDX-License-Identifier: GPL-2.0-only */
/* The one configuration that `pvtlb show` is asked for, or what is to be typed instead. */
#ifndef VMM_CLI_SHOW_ONE_H
#define VMM_CLI_SHOW_ONE_H

#include "cli/command_line.h"

/*
 * Under this backend, a word that option, "--backend" or "--against", takes. What is not asked for
 * is what Linux has mostly. 0, or -1 with err: what is unknown, or what there are several of, and
 * which.
 */
int show_one(const struct command_line *cl, const struct images *images, const char *option,
	     const char *backend, struct run_config *config, struct error *err);

#endif
