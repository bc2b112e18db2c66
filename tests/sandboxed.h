/* SPDX-License-Identifier: GPL-2.0-only */
/* What suites about the sandbox share: a child that goes into it, and how it ends. */
#ifndef TESTS_SANDBOXED_H
#define TESTS_SANDBOXED_H

#include <stddef.h>

/* In the child, which ends with what it returns. */
typedef int sandboxed_fn(void *ctx);

/*
 * Run it in a child, with at most len - 1 bytes of what it says on standard error in said.
 * Returns its exit status; 1000 and its number for a signal.
 */
int sandboxed(sandboxed_fn *fn, void *ctx, char *said, size_t len);
/* Go into the sandbox, with these files; a child that cannot ends here, with 90. */
void sandboxed_enter(const int *fd, unsigned int nr);
/* A kernel that does not filter system calls, as far as this process is to know. */
void sandboxed_no_seccomp(void);

#endif
