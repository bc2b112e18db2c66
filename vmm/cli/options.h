/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of `pvtlb run`. */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/run.h"

#define OPTIONS_MAX 64u /* more than there are */

struct command_line {
	struct run_options run;
	bool report; /* doctor: as text to be pasted */
	bool json, matrix, table, tap, quiet, summary, verbose, help;
	bool nested; /* run in an emulated machine; see vmm/nested/run.sh */
	const char *trace;	/* file for events */
	const char *dump_dtb;	/* file for the tree */
	const char *junit;	/* file for results as XML */
	const char *color;	/* NULL: auto */
	const char *dtb;	/* file with a tree for the guest */
	const char *image[2];	/* n, y */
	const char *kvm;	/* device node */
	const char *output;	/* show: a file, and no text */
	const char *against;	/* show: another backend beside it */
	char *const *word;	/* behind the options: scenarios, of check files */
	unsigned int nr_words;
	const char *given[OPTIONS_MAX]; /* names of the options that were given, the first ones */
	unsigned int nr_given;
	char image_path[2][4096]; /* storage for the defaults */
	char policies[512];	  /* storage for their names */
};

/*
 * Parse the words behind the command ("run" and the like: argv[0]). 0, or -1 with err saying
 * which word is wrong and what would be right. Strings point into argv.
 */
int options_parse(struct command_line *cl, int argc, char **argv, struct error *err);
/*
 * Does the command take all that was given? takes: names of options between blanks, besides
 * --help; NULL: all of them. words: how many words it takes. 0, or -1 with err.
 */
int options_fit(const struct command_line *cl, const char *command, const char *takes,
		unsigned int words, struct error *err);
/* The options that a command takes, as options_fit() has them, in lines of 80 columns. */
void options_help(FILE *to, const char *takes);

#endif
