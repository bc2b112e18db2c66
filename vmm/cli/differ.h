/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb run --mm model,kernel`: the same under both images, and where they differ. */
#ifndef VMM_CLI_DIFFER_H
#define VMM_CLI_DIFFER_H

#include "cli/command.h"

#define MM_BOTH "model,kernel" /* --mm's word for it */

/* Is what is given with --mm model,kernel taken there? 0, or -1 with err. */
int differ_fits(const struct command_line *cl, struct error *err);
/* Returns the exit status. kernel: images with a tree in them. */
int cmd_differ(const struct command_line *cl, const struct images *model,
	       const struct images *kernel);

#endif
