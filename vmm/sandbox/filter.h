/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules of a phase as a program for seccomp. */
#ifndef VMM_SANDBOX_FILTER_H
#define VMM_SANDBOX_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>

#include "base/error.h"
#include "sandbox/rules.h"

/* Does this build have sanitizers, whose rules are in it then? */
extern const bool sandbox_sanitized;

/* Can this kernel filter system calls? 0, or -1 with err: STATUS_SKIP, and what would help. */
int filter_possible(struct error *err);
/* Its filter points to memory that stays. gdb: with what that needs. 0, or -1 with err. */
int filter_make(struct sock_fprog *program, enum sandbox_phase phase, bool gdb, struct error *err);
/* For this thread, or for all of the process. 0, or -errno; the first time it needs no_new_privs.
 */
int filter_load(const struct sock_fprog *program, bool all_threads);

#endif
