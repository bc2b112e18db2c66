/* SPDX-License-Identifier: GPL-2.0-only */
/* The options that are no settings of a configuration (base/settings.h). */
#ifndef VMM_OPTION_TABLE_H
#define VMM_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

struct own_option {
	const char *name;
	char letter;		   /* the short form; 0: none */
	bool reports;		   /* results go to stdout so: one of these at most */
	size_t at;		   /* where in struct command_line: a string, or true */
	const char *arg;	   /* NULL: none, or one of the words */
	const struct words *words; /* NULL: any value */
	bool may_lack;		   /* --NAME alone is its first word, another is --NAME=WORD */
	unsigned int most; /* a number, from 1 on: into an unsigned int; 0: it is no number */
	const char *help;
};

extern const struct own_option own_options[];
extern const unsigned int nr_own_options;

/* A value that it needs; and whether --NAME=VALUE is right. */
bool own_takes_value(const struct own_option *o);
bool own_may_have_value(const struct own_option *o);

#endif
