/* SPDX-License-Identifier: GPL-2.0-only */
/* What the suites about the pvtlb command share. */
#ifndef TESTS_CLI_H
#define TESTS_CLI_H

#include <stdbool.h>
#include <stddef.h>

/* What the command said last, standard output and error. */
extern char cli_out[1 << 20];

/* Run the command with the words of args; returns its exit status. */
int cli_run(const char *args);
/* Is that in it, as it is or broken into lines? */
bool cli_says(const char *text);
/* Run the command, and assert how it ends and that cli_says() what it is to say. */
struct cli_case {
	const char *args;
	int status;
	const char *says;
};
void cli_expect(const struct cli_case *c);
void cli_expect_all(const struct cli_case *cases, size_t nr);

/* A directory for a test's files: its path, to be given to cli_dir_gone() when it is empty. */
const char *cli_dir(void);
void cli_dir_gone(void);

#endif
