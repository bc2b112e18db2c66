/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process has been given and does not need: it lets go of it. */
#ifndef VMM_SANDBOX_PRIVILEGES_H
#define VMM_SANDBOX_PRIVILEGES_H

#include "base/error.h"

/*
 * No program that is executed gets more than this process has, and this process has no
 * capability any more. Real-time priority 1, for threads that preempt vCPUs, stays possible where
 * RLIMIT_RTPRIO says so, or can be made to. 0, or -1 with err.
 */
int privileges_drop(struct error *err);
/* Close every file but standard input, output, error, and these. */
void files_keep(const int *fd, unsigned int nr);

#endif
