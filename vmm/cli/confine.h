/* SPDX-License-Identifier: GPL-2.0-only */
/* A command's way into the sandbox, which each that runs guests takes. */
#ifndef VMM_CLI_CONFINE_H
#define VMM_CLI_CONFINE_H

#include "cli/command_line.h"

/* What it goes on with besides standard input, output and error: no other file is kept. */
struct confined {
	const struct host *host;
	FILE *file[4]; /* NULL: none */
	int listener;  /* for gdb; -1: none */
};

/*
 * When all is open that a command needs, and before its first VM. What glibc and jansson do but
 * once is done here, too. 0, or -1 with err; 0 and nothing done with --no-sandbox.
 */
int confine(const struct command_line *cl, const struct confined *with, struct error *err);

#endif
