/* SPDX-License-Identifier: GPL-2.0-only */
/* The VMM gives up what it does not need, phase by phase (docs/security.md). */
#ifndef VMM_SANDBOX_SANDBOX_H
#define VMM_SANDBOX_SANDBOX_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Before the first VM, while there is one thread: no capabilities, no files but standard input,
 * output, error and the nr in fd, and from now on only system calls of IN_VMS. gdb: with those
 * that a session with gdb takes. A call that is not allowed ends the process with STATUS_FAIL.
 * 0, or -1 with err: STATUS_SKIP where the kernel has no seccomp.
 */
int sandbox_enter(const int *fd, unsigned int nr, bool gdb, struct error *err);
/* This thread runs a guest or serves it: IN_GUEST. Nothing, where nobody has entered. */
void sandbox_guest_thread(void);
/* There is no VM any more, and no other thread: IN_REPORT. Nothing, where nobody has entered. */
void sandbox_report(void);

#endif
