/* SPDX-License-Identifier: GPL-2.0-only */
/* A command line, parsed. */
#ifndef VMM_COMMAND_LINE_H
#define VMM_COMMAND_LINE_H

#include <stdbool.h>

#include "cli/run.h"

#define OPTIONS_MAX 64u /* more than there are */

struct command_line {
	struct run_options run;
	bool groups; /* list: these, and whom they have */
	bool report; /* doctor: as text to be pasted */
	bool json, matrix, rows, table, tap, quiet, summary, verbose, help;
	bool no_sandbox; /* run guests with all privileges there are */
	bool nested; /* run in an emulated machine; see vmm/nested/run.sh */
	const char *trace;	/* file for events */
	const char *dump_dtb;	/* file for the tree */
	const char *junit;	/* file for results as XML */
	unsigned int jobs;	/* runs side by side */
	const char *color;	/* NULL: auto */
	const char *gdb;	/* run: the port for it; NULL: no gdb */
	const char *dtb;	/* file with a tree for the guest */
	const char *image[2];	/* n, y */
	const char *mm;		/* NULL: the model's */
	const char *image_kernel;
	const char *kvm;	/* device node */
	const char *output;	/* show: a file, and no text */
	const char *against;	/* show: another backend beside it */
	const char *engine;	/* explore, replay: NULL: the usual one */
	unsigned int bound, random, depth, max_schedules, seconds, times; /* 0: not given */
	const char *shard;	/* explore: "I/N"; NULL: all of it */
	bool unbounded, go_on, merge;
	char *const *word;	/* behind the options: scenarios, of check files */
	unsigned int nr_words;
	const char *given[OPTIONS_MAX]; /* names of the options that were given, the first ones */
	unsigned int nr_given;
	char image_path[3][4096]; /* storage for the defaults: n, y, kernel */
	char policies[4096];	  /* storage for their names */
};

#endif
