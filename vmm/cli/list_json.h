/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb list --json`. */
#ifndef VMM_CLI_LIST_JSON_H
#define VMM_CLI_LIST_JSON_H

#include "cli/command_line.h"
#include "machine/image.h"

/* Write what there is to name to stdout (docs/json.md). Returns an exit status. */
int list_json(const struct command_line *cl, const struct image *image);

#endif
