/* SPDX-License-Identifier: GPL-2.0-only */
/* A system call that a phase has not: the process says which, and ends as a failure. */
#ifndef VMM_SANDBOX_VIOLATION_H
#define VMM_SANDBOX_VIOLATION_H

#include <stdbool.h>

/* From now on a call that a filter traps ends the process, with STATUS_FAIL. */
void violation_init(void);
/* What goes on, for the message: a string that stays. Of the process, or of this thread. */
void violation_phase(const char *what, bool process);

#endif
