/* SPDX-License-Identifier: GPL-2.0-only */
/* What an option says, taken into the command line. */
#ifndef VMM_CLI_TAKE_H
#define VMM_CLI_TAKE_H

#include "base/error.h"
#include "base/settings.h"
#include "cli/command_line.h"
#include "cli/option_table.h"

/*
 * Take the value; NULL for an option that has none. 0, or -1 with err, which says what is wrong
 * with the value and what would be right. Names are not looked up: the images have them.
 */
int take_setting(struct command_line *cl, const struct setting *s, const char *value,
		 struct error *err);
int take_own(struct command_line *cl, const struct own_option *o, const char *value,
	     struct error *err);
/* The values it can have, for people: at most len - 1 bytes in buf, or its own text. */
const char *own_values(const struct own_option *o, char *buf, size_t len);

#endif
