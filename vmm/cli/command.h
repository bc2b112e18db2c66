/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands of pvtlb: a file each. */
#ifndef VMM_COMMAND_H
#define VMM_COMMAND_H

#include "base/error.h"
#include "cli/images.h"
#include "cli/options.h"

/* Returns the exit status. images: NULL where the command can do without and there are none. */
typedef int command_fn(const struct command_line *cl, const struct images *images);

command_fn cmd_run, cmd_explore, cmd_replay, cmd_show, cmd_check, cmd_list, cmd_policies, cmd_hosts;

/* Say what went wrong, on stderr. Returns its status. */
int complain(const struct error *err);

#endif
